# SPDX-License-Identifier: GPL-2.0-only
#
# karp builds in two ways from this one file:
#   - as a contrib module inside an ns-3 tree that has waf (3.35 and before);
#   - alone, with any waf 2: waf configure build, against an installed ns-3 (Debian 12: libns3-dev).
# What is built is listed in sources.txt, which CMakeLists.txt reads as well.

import os

from waflib import Context

top = '.'
out = 'build-waf'

NS3_MODULES = ['core', 'network', 'internet', 'csma', 'point-to-point']
LIVE_MODULE = 'fd-net-device'  # for karp-ospf-live, which is left out where it is absent
THIRD_PARTY = ['KARP_CRYPTO', 'KARP_YAML', 'KARP_BOOST']


def is_alone(ctx):
    """True if this wscript is the topmost one, so not read by an ns-3 tree."""
    return os.path.dirname(Context.g_module.root_path) == ctx.path.abspath()


def read_sources(ctx):
    """Returns sources.txt as {section: [line, ...]}; names what is listed and does not exist."""
    root = ctx.path.abspath()
    sections = {}
    current = None
    missing = []
    with open(os.path.join(root, 'sources.txt'), encoding='ascii') as listing:
        for line in (raw.strip() for raw in listing):
            if not line or line.startswith('#'):
                continue
            if line.startswith('[') and line.endswith(']'):
                current = sections.setdefault(line[1:-1], [])
            elif current is None:
                ctx.fatal("karp: sources.txt: '%s' stands before the first [section]" % line)
            else:
                current.append(line)
                missing += [f for f in line.split() if not os.path.exists(os.path.join(root, f))]
    if missing:
        ctx.fatal('karp: sources.txt lists what does not exist:\n  ' + '\n  '.join(missing))
    return sections


def compiled(lines):
    """Returns the files of some lines that a compiler is given."""
    return [name for line in lines for name in line.split() if name.endswith('.cc')]


def options(opt):
    if is_alone(opt):
        opt.load('compiler_cxx')
        opt.add_option('--werror', action='store_true', help='treat warnings as errors')


def check_third_party(conf):
    """Looks for OpenSSL, yaml-cpp and Boost; returns what is wanting, in words."""
    wanting = []
    if not conf.check_cxx(msg='Checking for OpenSSL >= 3.0 (libcrypto)', lib='crypto',
                          uselib_store='KARP_CRYPTO', mandatory=False,
                          fragment='#include <openssl/evp.h>\n#include <openssl/opensslv.h>\n'
                                   '#if OPENSSL_VERSION_NUMBER < 0x30000000L\n#error too old\n'
                                   '#endif\nint main() { return EVP_sha256() == nullptr; }\n'):
        wanting.append('OpenSSL 3.0 or later, libcrypto (Debian package: libssl-dev)')
    if not conf.check_cxx(msg='Checking for Boost', uselib_store='KARP_BOOST', mandatory=False,
                          fragment='#include <boost/version.hpp>\nint main() { return 0; }\n'):
        wanting.append('Boost headers (Debian package: libboost-dev)')
    if not conf.check_cxx(msg='Checking for yaml-cpp', lib='yaml-cpp', uselib_store='KARP_YAML',
                          mandatory=False,
                          fragment='#include <yaml-cpp/yaml.h>\n'
                                   'int main() { return YAML::Load("1").as<int>() - 1; }\n'):
        wanting.append('yaml-cpp (Debian package: libyaml-cpp-dev)')
    return wanting


def configure(conf):
    if is_alone(conf):
        configure_alone(conf)
        return
    wanting = check_third_party(conf)
    if wanting:
        conf.env['MODULES_NOT_BUILT'].append('karp')
    conf.report_optional_feature('karp', 'Keying for routing protocols (karp)', not wanting,
                                 'needs ' + '; '.join(wanting))


def configure_alone(conf):
    conf.load('compiler_cxx')
    conf.env.append_value('CXXFLAGS', ['-std=c++17', '-O2', '-g1', '-Wall', '-Wextra'])
    if conf.options.werror:
        conf.env.append_value('CXXFLAGS', '-Werror')
    wanting = check_third_party(conf)
    for index, module in enumerate(NS3_MODULES):
        # A module's header instantiates what it needs of the modules before it.
        if not conf.check_cxx(msg='Checking for ns-3 module ' + module, lib='ns3-' + module,
                              uselib_store='NS3_' + module, mandatory=False,
                              use=['NS3_' + name for name in NS3_MODULES[:index]],
                              fragment='#include <ns3/%s-module.h>\n'
                                       'int main() { return 0; }\n' % module):
            wanting.append("ns-3's module %s (Debian package: libns3-dev)" % module)
    conf.env.KARP_LIVE = bool(
        conf.check_cxx(msg='Checking for ns-3 module %s (karp-ospf-live)' % LIVE_MODULE,
                       lib='ns3-' + LIVE_MODULE, uselib_store='NS3_' + LIVE_MODULE,
                       use=['NS3_' + name for name in NS3_MODULES], mandatory=False,
                       fragment='#include <ns3/fd-net-device.h>\nint main() { return 0; }\n'))
    if wanting:
        conf.fatal('karp needs what was not found:\n  ' + '\n  '.join(wanting))
    # libns3-core.so leads to libns3-core.so.37; Debian's ns-3 has no version macro.
    core = conf.cmd_and_log(conf.env.CXX + ['-print-file-name=libns3-core.so']).strip()
    suffix = os.path.realpath(core).rpartition('.so.')[2]
    conf.env.KARP_NS3_VERSION = '3.' + suffix if suffix.isdigit() else suffix
    conf.msg('ns-3 version', conf.env.KARP_NS3_VERSION)
    read_sources(conf)


def build(bld):
    sources = read_sources(bld)
    if is_alone(bld):
        build_alone(bld, sources)
    else:
        build_in_tree(bld, sources)


def test_defines(bld):
    """Returns where the suites' data lie, as a definition for the compiler."""
    return 'KARP_TEST_DIR="%s"' % bld.path.find_dir('test').abspath()


def build_in_tree(bld, sources):
    module = bld.create_ns3_module('karp', NS3_MODULES)
    module.source = sources['library']
    module.use += THIRD_PARTY
    module.env.append_value('DEFINES', 'KARP_NS3_VERSION="%s"' % bld.env['VERSION'])

    tests = bld.create_ns3_module_test_library('karp')
    tests.source = compiled(sources['test'])
    tests.use += THIRD_PARTY
    tests.env.append_value('DEFINES', [test_defines(bld),
                                       'KARP_NS3_VERSION="%s"' % bld.env['VERSION']])

    headers = bld(features='ns3header')
    headers.module = 'karp'
    headers.source = sources['headers']

    if bld.env['ENABLE_EXAMPLES']:
        bld.karp_programs = sources['programs']
        bld.karp_third_party = THIRD_PARTY
        bld.recurse('examples')


def link_headers(bld, headers):
    """Makes include/ns3 in the build folder lead to every header; returns include/."""
    include = bld.bldnode.make_node('include')
    folder = include.make_node('ns3')
    folder.mkdir()
    wanted = {os.path.basename(name): bld.path.find_node(name).abspath() for name in headers}
    for name in os.listdir(folder.abspath()):
        place = os.path.join(folder.abspath(), name)
        if name not in wanted or os.path.realpath(place) != wanted[name]:
            os.remove(place)
    for name, source in wanted.items():
        place = os.path.join(folder.abspath(), name)
        if not os.path.lexists(place):
            os.symlink(source, place)
    return include


def build_alone(bld, sources):
    include = link_headers(bld, sources['headers'])
    use = ['NS3_' + module for module in NS3_MODULES] + THIRD_PARTY
    # Debian's ns-3 logs and does not assert; our own code does both.
    defines = ['NS3_LOG_ENABLE', 'NS3_ASSERT_ENABLE',
               'KARP_NS3_VERSION="%s"' % bld.env.KARP_NS3_VERSION]
    bld.shlib(target='karp', source=sources['library'], includes=[include], use=use,
              defines=defines)
    bld.program(target='karp-test', source=sources['test-runner'] + compiled(sources['test']),
                includes=[include], use=['karp'] + use, defines=defines + [test_defines(bld)],
                rpath=bld.bldnode.abspath())
    for line in sources['programs']:
        name = os.path.splitext(os.path.basename(line.split()[0]))[0]
        live = ['NS3_' + LIVE_MODULE] if name == 'karp-ospf-live' else []
        if live and not bld.env.KARP_LIVE:
            continue
        bld.program(target=name, source=compiled([line]), includes=[include],
                    use=['karp'] + use + live,
                    defines=defines, rpath=bld.bldnode.abspath())
