# SPDX-License-Identifier: GPL-2.0-only
"""Figures: the same bytes twice, the size they are printed at, the numbers beside them."""

import csv
import io
import json
import os
import re
import shutil
import struct
import tempfile
from unittest import mock

from campaign_case import SCENARIO, CampaignCase

import numpy as np

from karp import figures, labels, models, plot, stats, style, timeline
from karp.scenario import Cell, Scenario
from karp.store import Job, Result, Store, load_plan, load_runs

NAMES = ['bytes-by-type-by-N', 't_gcks-by-N-loss', 't_gcks-cdf-by-loss', 'timeline-run-1']


class FigureTest(CampaignCase):
    """One campaign, drawn once; each test has a copy of it."""

    made = None

    def setUp(self):
        super().setUp()
        if FigureTest.made is None:
            code, text, _ = self.call()
            self.assertEqual(code, 0, msg=text)
            FigureTest.made = tempfile.mkdtemp(prefix='karp-test-')
            self.addClassCleanup(shutil.rmtree, FigureTest.made)
            for name in ('out', 'karp-scenario'):
                os.rename(name, os.path.join(FigureTest.made, name))
        shutil.copytree(os.path.join(FigureTest.made, 'out'), 'out')
        shutil.copy2(os.path.join(FigureTest.made, 'karp-scenario'), self.program)
        self.loaded, jobs, _ = load_plan('out')
        self.results = load_runs(Store('out'), jobs)

    def only_timeline(self):
        """Leaves one plot in the stored scenario: less to draw."""
        with open('out/scenario.yaml', 'w', encoding='ascii') as file:
            file.write(SCENARIO.replace(SCENARIO[SCENARIO.index('  plots:'):],
                                        '  plots: [{timeline: [role], run: 1}]\n'))

    def read(self, name):
        with open(f'out/figures/{name}', encoding='ascii') as file:
            return list(csv.DictReader(file))

    def test_files_and_bytes(self):
        """Input: one campaign drawn three times: by run, by plot, by plot under other settings of
        matplotlib. Output: the same four figures, byte for byte, without a date in them."""
        first = self.files('out/figures')
        self.assertEqual(sorted(first), sorted(
            [f'{name}.{kind}' for name in NAMES for kind in ('csv', 'pdf', 'png', 'svg')]
            + ['.drawn']))
        code, text = self.draw()
        self.assertEqual(code, 0, msg=text)
        self.assertIn('out/figures/t_gcks-cdf-by-loss.pdf', text)
        first.pop('.drawn')
        again = self.files('out/figures')
        again.pop('.drawn')
        self.assertEqual(first, again)
        import matplotlib
        self.only_timeline()
        with matplotlib.rc_context({'font.size': 20, 'lines.linewidth': 9, 'axes.grid': False}):
            self.assertEqual(self.draw(out='elsewhere')[0], 0)
        for name, content in self.files('elsewhere').items():
            self.assertTrue(name == '.drawn' or content == first[name], msg=name)
        for name, content in first.items():
            self.assertIsNone(re.search(rb'CreationDate|ModDate|dc:date|matplotlib v', content),
                              msg=name)

    def test_fonts_are_embedded_as_truetype_and_widths_are_those_of_the_page(self):
        for name in NAMES:
            with open(f'out/figures/{name}.pdf', 'rb') as file:
                content = file.read()
            self.assertIn(b'/CIDFontType2', content)
            self.assertNotIn(b'/Type3', content)
            box = re.search(rb'/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]', content)
            width = float(box.group(1)) / 72
            self.assertTrue(min(abs(width - style.SINGLE), abs(width - style.DOUBLE)) < 0.01, name)
            with open(f'out/figures/{name}.png', 'rb') as file:
                pixels = struct.unpack('>II', file.read(24)[16:24])
            self.assertAlmostEqual(pixels[0] / style.DPI, width, delta=0.01)

    def test_csv_is_what_is_drawn(self):
        """Input: the runs. Output: the CSV has their distribution, and so has the drawn line."""
        rows = [row for row in self.read('t_gcks-cdf-by-loss.csv') if row['series'] == '0 %']
        values = [one.metrics['t_gcks'] for one in self.results
                  if one.job.cell.vars['loss'] == '0']
        x, shares = stats.ecdf(values)
        np.testing.assert_allclose([float(row['t_gcks']) for row in rows], x, rtol=1e-8)
        np.testing.assert_allclose([float(row['share']) for row in rows], shares, rtol=1e-8)
        half = stats.dkw_half_width(3)  # three runs, each in two cells: not six independent ones
        np.testing.assert_allclose([float(row['high']) for row in rows],
                                   np.clip(shares + half, 0, 1), rtol=1e-8)
        self.assertEqual({row['n'] for row in rows}, {'6'})
        spec = self.loaded.plots()[0]
        with style.context():
            figure = figures.draw(figures.cdf(spec, self.results, self.loaded))
        steps = [line for line in figure.axes[0].lines if line.get_drawstyle() == 'steps-post'
                 and line.get_linewidth() > 1][0]
        np.testing.assert_allclose(steps.get_xdata()[1:], x, rtol=1e-12)
        np.testing.assert_allclose(steps.get_ydata()[1:], shares, rtol=1e-12)
        self.assertEqual(figure.axes[0].get_title(), '')

    def test_the_closed_form_is_drawn_where_it_holds(self):
        """Input: adv 1s, successor 180, jitter 5 %. Output: the dashed line of E3."""
        rows = [row for row in self.read('t_gcks-cdf-by-loss.csv') if row['kind'] == 'model']
        # N=3 and N=5 share one form; runs with loss have none.
        self.assertAlmostEqual(float(rows[0]['t_gcks']), 2 + 76 / 256, places=6)
        self.assertAlmostEqual(float(rows[-1]['t_gcks']), 3 + 76 / 256, places=6)
        self.assertEqual(float(rows[-1]['share']), 1)
        means = {row['t_gcks'] for row in self.read('t_gcks-by-N-loss.csv')
                 if row['kind'] == 'model' and row['t_gcks']}
        expected = 3 + 76 / 256 - (1 - 0.05 + 0.05 ** 2 / 3) / (2 - 0.05)
        self.assertEqual(len(means), 1)
        self.assertAlmostEqual(float(means.pop()), expected, places=6)

    def test_octets_become_rates_over_the_time_they_were_counted(self):
        rows = self.read('bytes-by-type-by-N.csv')
        found = {(row['series'], row['N']): float(row['bytes_per_second']) for row in rows}
        one = next(one for one in self.results if one.job.cell.vars['N'] == '3')
        self.assertAlmostEqual(found['OSPF Hello', '3'],
                               one.metrics['bytes_by_type']['hello'] / 120, places=6)
        self.assertEqual(len({series for series, _ in found}), 5)

    def test_timeline_has_the_events_of_the_trace(self):
        rows = self.read('timeline-run-1.csv')
        routers = {row['router'] for row in rows if row['what'] == 'role'}
        self.assertEqual(routers, {'r0', 'r1', 'r2'})
        faults = [row['name'] for row in rows if row['what'] == 'fault']
        self.assertEqual(faults, ['priority r2 (180)', 'crash r0'])
        gcks = [row for row in rows if row['name'] == 'gcks']
        self.assertEqual([row['router'] for row in gcks], ['r0', 'r2'])
        self.assertEqual(gcks[1]['end'], '120')
        # The keys of a router that crashed are not shown as living on.
        late = [row for row in rows if row['router'] == 'r0' and row['what'] in ('kek', 'pmk')
                and float(row['begin']) > 61]
        self.assertEqual(late, [])

    def test_what_cannot_be_drawn_is_said(self):
        os.remove('out/runs/N=3,adv=1s,loss=0/run-0001/trace.jsonl')
        self.only_timeline()
        code, text = self.draw()
        self.assertEqual(code, 2)
        self.assertIn('not drawn: timeline', text)
        self.assertEqual(self.draw('nowhere')[0], 3)
        with open('out/campaign.json', 'w', encoding='ascii') as file:
            file.write('{}')
        self.assertEqual(self.draw()[0], 3)

    def test_an_unchanged_campaign_is_not_drawn_again(self):
        path = 'out/figures/timeline-run-1.pdf'
        mark = plot.stamp(self.loaded, self.results)
        self.assertEqual(len(plot.unchanged('out/figures', mark)), 4)
        self.assertIsNone(plot.unchanged('out/figures', 'other' + mark))
        self.results[0].metrics['t_gcks'] += 0.001
        self.assertNotEqual(plot.stamp(self.loaded, self.results), mark)
        os.remove(path)
        self.assertIsNone(plot.unchanged('out/figures', mark))


class ChartTest(CampaignCase):

    def results(self, cells, runs=4, metric=lambda cell, run: {'m': run}):
        return [Result(Job(Cell(tuple(cell.items())), run), '/nowhere', metric(cell, run), [])
                for cell in cells for run in range(1, runs + 1)]

    def with_model(self, equals):
        """A scenario of which one expectation states a formula, as far as figures ask."""
        return mock.Mock(expectations=lambda: [{'id': 'form', 'spec': {'equals': equals}}])

    def test_a_formula_is_drawn_over_what_was_measured(self):
        """Input: key changes at four spacings, an expectation with E10's closed form, which has
        another variable too. Output: points that are not joined, and the steps where they are."""
        cells = [{'s': s, 'B': '30s'} for s in ('1s', '14s', '29s', '31s')]
        chart = figures.line({'step': 'm', 'x': 's', 'model': 'form'}, self.results(cells),
                             self.with_model('ceil(10 / (1 + floor($B / $s)))'))
        data, model = chart.panels[0].series
        self.assertEqual(data.x, [1, 14, 29, 31])
        self.assertTrue(model.model)
        at = dict(zip(model.x, model.y))
        self.assertEqual([at[x] for x in data.x], [1, 4, 5, 10])
        self.assertEqual(max(y for x, y in at.items() if x < 29.9), 5)
        self.assertEqual(min(y for x, y in at.items() if x > 30.1), 10)
        with style.context():
            ax = figures.draw(chart).axes[0]
        styles = {line.get_linestyle() for line in ax.lines if len(line.get_xdata()) == 4}
        self.assertEqual(styles, {'None'})

    def test_a_formula_that_says_nothing_of_the_axis_is_not_drawn(self):
        cells = [{'s': '1s'}, {'s': '4s'}]
        for equals in ('7', '$other + 1'):
            chart = figures.line({'line': 'm', 'x': 's', 'model': 'form'}, self.results(cells),
                                 self.with_model(equals))
            self.assertEqual(len(chart.panels[0].series), 1, msg=equals)
        chart = figures.line({'line': 'm', 'x': 's', 'model': 'form'}, self.results(cells),
                             self.with_model('$s / 1s'))
        self.assertEqual([one.label for one in chart.panels[0].series], ['', 'formula'])

    def test_bars_stand_side_by_side(self):
        """Input: two outages for each of two failures. Output: two bars a failure, one without
        height where the outage is none, that do not overlap."""
        cells = [{'case': 'crash'}, {'case': 'cut'}]
        runs = self.results(cells, metric=lambda cell, run: {
            'outage_data': 0, 'outage_key': run + len(cell['case'])})
        chart = figures.bars({'bars': ['outage_data', 'outage_key'], 'x': 'case'}, runs, None)
        self.assertEqual((chart.ylabel, chart.ticks), ('Time (s)', ['crash', 'cut']))
        data, key = chart.panels[0].series
        self.assertEqual((data.y, key.y), ([0, 0], [7.5, 5.5]))
        self.assertIn('crash,7.5', chart.csv())
        with style.context():
            ax = figures.draw(chart).axes[0]
        boxes = sorted((bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches)
        self.assertEqual(len(boxes), 4)
        for left, right in zip(boxes, boxes[1:]):
            self.assertLessEqual(left[1], right[0] + 1e-9)
        self.assertEqual(sorted(bar.get_height() for bar in ax.patches), [0, 0, 5.5, 7.5])
        runs = self.results(cells, metric=lambda cell, run: {'outage_data': 0})
        with style.context():
            ax = figures.draw(figures.bars({'bars': 'outage_data', 'x': 'case'}, runs,
                                           None)).axes[0]
        self.assertEqual(ax.get_ylim(), (0, 1.08), msg='nothing to see is seen to be nothing')

    def test_time_constants_are_never_pooled(self):
        cells = [{'N': n, 'adv': adv} for n in '35' for adv in ('250ms', '1s')]
        chart = figures.cdf({'cdf': 'm'}, self.results(cells), None)
        self.assertEqual([panel.label for panel in chart.panels],
                         ['Advertisement interval 250 ms, n = 8 in 4 runs',
                          'Advertisement interval 1 s, n = 8 in 4 runs'])

    def test_pooled_cells_count_as_one_run(self):
        """Input: four cells whose values agree run by run. Output: n = 4, not 16."""
        cells = [{'N': n, 'k': k} for n in '35' for k in '12']
        chart = figures.line({'line': 'm', 'x': 'N', 'panel': 'none'}, self.results(cells), None)
        series = chart.panels[0].series[0]
        self.assertEqual(series.n, [4, 4])
        self.assertAlmostEqual(series.high[0], stats.mean([1, 2, 3, 4]).high)

    def test_words_and_numbers_on_the_x_axis(self):
        chart = figures.line({'line': 'm', 'x': 'a'},
                             self.results([{'a': 'flat'}, {'a': 'lkh2'}]), None)
        self.assertEqual((chart.ticks, chart.panels[0].series[0].x), (['flat', 'lkh2'], [0, 1]))
        rows = list(csv.DictReader(io.StringIO(chart.csv())))
        self.assertEqual([row['a'] for row in rows], ['flat', 'lkh2'])
        chart = figures.line({'line': 'm', 'x': 'a'}, self.results([{'a': '10'}, {'a': '9'}]), None)
        self.assertEqual(chart.panels[0].series[0].x, [9, 10])

    def test_runs_without_a_value_keep_the_distribution_below_one(self):
        runs = self.results([{'a': '1'}], metric=lambda _, run: {'m': run if run < 4 else None})
        chart = figures.cdf({'cdf': 'm'}, runs, None)
        self.assertEqual(chart.panels[0].series[0].y, [0.25, 0.5, 0.75])

    def test_the_staircase_of_joins_under_loss(self):
        model = models.JoinUnderLoss(0.1, 2, 2, 8)
        with mock.patch.object(models, 'of_run', return_value=model):
            runs = self.results([{'a': '1'}], 3, lambda _, run: {'t_exchange': 0.5 + 2 * run})
            series = figures.cdf({'cdf': 't_exchange'}, runs, None).panels[0].series[1]
        self.assertTrue(series.model)
        self.assertEqual(series.x[:6], [2.5, 2.5, 2.5, 4.5, 4.5, 6.5])
        self.assertAlmostEqual(series.y[2], 0.9 ** 4)
        self.assertAlmostEqual(series.y[4], 0.9 ** 4 + 2 * 0.81 * 0.81 * 0.19)

    def test_figures_without_data_are_refused(self):
        runs = self.results([{'a': str(i)} for i in range(9)])
        for kind, spec in [('cdf', {'cdf': 'other'}), ('cdf', {'cdf': 'm', 'by': 'a'}),
                           ('line', {'line': 'other', 'x': 'a'}), ('line', {'line': 'm', 'x': 'b'}),
                           ('bytes', {'bytes': 'm', 'x': 'a'}),
                           ('line', {'line': 'm', 'x': 'a', 'panel': 'a'})]:
            with self.assertRaises(figures.FigureError, msg=spec):
                figures.KINDS[kind](spec, runs, None)
        with self.assertRaises(figures.FigureError):
            figures.chosen({'where': {'a': '77'}}, runs)

    def test_axes_are_logarithmic_beyond_a_thirtyfold_range(self):
        self.assertTrue(style.wants_log([1, 31]))
        self.assertFalse(style.wants_log([1, 29]))
        self.assertFalse(style.wants_log([0, 1000]))
        cells = [{'a': str(n)} for n in (1, 10, 100)]
        runs = self.results(cells, metric=lambda cell, _: {'m': float(cell['a']) ** 2})
        with style.context():
            ax = figures.draw(figures.line({'line': 'm', 'x': 'a'}, runs, None)).axes[0]
        self.assertEqual((ax.get_xscale(), ax.get_yscale()), ('log', 'log'))

    def test_series_differ_in_colour_marker_and_dash(self):
        for what in ('color', 'marker', 'linestyle'):
            self.assertEqual(len({str(style.marks(i)[what]) for i in range(7)}), 7, msg=what)

    def test_legends_fit_their_width(self):
        rows = style.legend_rows(['word'] * 20, style.SINGLE)
        self.assertGreater(len(rows), 3)
        self.assertEqual(sum(rows, []), list(range(20)))

    def test_labels(self):
        self.assertEqual(labels.metric('t_gcks'), 'Takeover time (s)')
        self.assertEqual(labels.metric('t_something'), 'Something time (s)')
        self.assertEqual(labels.value('loss', '0.05'), '5 %')
        self.assertEqual(labels.value('adv', '250ms'), '250 ms')
        self.assertEqual(labels.value('case', 'mrkmp'), 'mrkmp')


class TimelineTest(CampaignCase):

    def build(self, events, spec=None):
        os.makedirs('run', exist_ok=True)
        with open('run/trace.jsonl', 'w', encoding='ascii') as file:
            for event in events:
                file.write(json.dumps(event, separators=(',', ':')) + '\n')
        return timeline.build(spec or {}, [Result(Job(Cell(()), 1), 'run', {}, [])])

    def role(self, second, node, old, new):
        return {'ev': 'role', 'g': 'g0', 'n': node, 'from': old, 'to': new, 't': second * 10 ** 9}

    def key(self, second, operation, **more):
        return {'ev': 'key', 'g': 'g0', 'n': 'r1', 'kind': 'pmk', 'op': operation, 'id': '0a',
                't': second * 10 ** 9, **{name: value * 10 ** 9 for name, value in more.items()}}

    def test_updates_move_the_end_of_a_key_and_retirement_ends_it(self):
        found = self.build([self.role(1, 'r1', 'down', 'initial'),
                            self.key(2, 'install', tx_start=5, rx_end=90),
                            self.key(6, 'update', tx_start=5, rx_end=40),
                            {'ev': 'end', 't': 100 * 10 ** 9}])
        self.assertEqual([(tick.what, tick.time) for tick in found.ticks],
                         [('install', 2), ('send', 5), ('receive_end', 40)])
        found = self.build([self.role(1, 'r1', 'down', 'initial'),
                            self.key(2, 'install', tx_start=5, rx_end=90), self.key(8, 'retire'),
                            {'ev': 'end', 't': 100 * 10 ** 9}])
        self.assertEqual(found.ticks[-1].time, 8)

    def test_keys_go_by_the_clock_of_the_router(self):
        clock = {'ev': 'fault', 'do': 'clock', 'nodes': ['r1'], 't': 0}
        for fault, send in (({'offset': 4 * 10 ** 9}, 21), ({'drift': 25 * 10 ** 7}, 20),
                            ({'offset': -5 * 10 ** 9, 'drift': 25 * 10 ** 7}, 24)):
            found = self.build([{**clock, **fault}, self.role(1, 'r1', 'down', 'initial'),
                                self.key(2, 'install', tx_start=25, rx_end=90),
                                {'ev': 'end', 't': 100 * 10 ** 9}])
            self.assertEqual([tick.time for tick in found.ticks if tick.what == 'send'], [send])

    def test_a_group_can_be_chosen(self):
        events = [self.role(1, 'r1', 'down', 'gcks'),
                  {**self.role(1, 'r2', 'down', 'member'), 'g': 'g1'},
                  {'ev': 'end', 't': 9 * 10 ** 9}]
        self.assertEqual(self.build(events).nodes, ['r1'])
        self.assertEqual(self.build(events, {'group': 'g1'}).nodes, ['r2'])
        with self.assertRaises(figures.FigureError):
            self.build(events, {'group': 'g2'})

    def test_rows_are_in_natural_order(self):
        found = self.build([self.role(1, name, 'down', 'initial') for name in ('r10', 'r2', 'r1')]
                           + [{'ev': 'end', 't': 9 * 10 ** 9}])
        self.assertEqual(found.nodes, ['r1', 'r2', 'r10'])

    def test_zoom_is_about_the_fault_that_was_asked_for(self):
        events = [self.role(1, 'r1', 'down', 'initial'), self.role(2, 'r1', 'initial', 'gcks'),
                  {'ev': 'fault', 'do': 'mark', 'label': 'here', 't': 40 * 10 ** 9},
                  self.role(44, 'r1', 'gcks', 'initial'), {'ev': 'end', 't': 200 * 10 ** 9}]
        self.assertEqual(len(self.build(events).windows), 1)
        found = self.build(events, {'zoom': 'here'})
        self.assertEqual(found.windows[1], (39.0, 44.8))
        with self.assertRaises(figures.FigureError):
            self.build(events, {'zoom': 'there'})

    def test_traces_that_say_nothing_are_refused(self):
        for events in ([], [{'ev': 'end', 't': 5}], [{'ev': 'role', 't': 5, 'n': 'r1'}],
                       [{'ev': 'end', 't': 'soon'}]):
            with self.assertRaises(figures.FigureError, msg=events):
                self.build(events)
        with open('run/trace.jsonl', 'w', encoding='ascii') as file:
            file.write('{"ev":"role"\n')
        with self.assertRaises(figures.FigureError):
            timeline.read_trace('run/trace.jsonl')

    def test_unknown_kinds_are_errors_of_the_file(self):
        self.write(SCENARIO.replace('{timeline: [role], run: 1}', '{pie: t_gcks}'))
        code, text, _ = self.call()
        self.assertEqual(code, 3)
        self.assertIn("fake.yaml:20: unknown kind of plot 'pie'", text)
        self.assertEqual(plot.draw_all(Scenario('x', 'karp: 1\n'), [], 'out'), ([], []))
