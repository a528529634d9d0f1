/** HELP is what `peakproof --help` prints. */
export const HELP = `peakproof tells whether an Odoo release is safe to take into trading hours.

  peakproof campaign --baseline 1.0 --candidate 1.1    load both releases, judge the candidate
  peakproof compare --baseline B1 --candidate B2       judge stored or imported runs
  peakproof compare BUNDLE                             judge one run that has both arms
  peakproof run --release 1.0                          one run of one release -> run bundle
  peakproof calibrate --release 1.0                    learn the noise between runs of one release
  peakproof import FILE... --out BUNDLE                results of your own k6 scripts -> run bundle
  peakproof report VERDICT.json --format markdown      render a stored verdict again
  peakproof report VERDICT.json --verify               recompute it from its bundles and compare the bytes
  peakproof cleanup BUNDLE...                          undo what runs created in a server of your own
  peakproof drill --all                                put known faults into the lab: does the judge find them?
  peakproof lab up|status|reset|down                   a real stack on this machine
  peakproof init --url URL                             what a server of your own can do -> peakproof.yaml
  peakproof doctor                                     can everything be reached; how to fix what cannot

Every command takes --help. Results go to stdout, progress to stderr.
Exit codes: 0 pass, 1 fail, 2 usage or config, 3 inconclusive, 4 could not measure, 70 bug, 130 interrupted.
`;
