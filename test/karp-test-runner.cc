/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ns3/test.h"

/**
 * \file
 * \ingroup karp-test
 * Runs the suites linked into this program with the options of an ns-3 tree's test-runner
 * (--suite=, --list, --fullness=, --xml, --out=, --verbose).
 */

int
main(int argc, char** argv)
{
    return ns3::TestRunner::Run(argc, argv);
}
