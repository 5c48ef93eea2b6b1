package dev.tapedeck.bench.chaos;

import java.util.ArrayList;
import java.util.List;

/** What one run showed; written by the run, read when it is over. */
final class RunResult {
  final ChaosPlan plan;
  long packetsSent;
  long packetsInFiles;
  long oldLost;
  long silentLosses;
  long lostByNetwork;
  long inGaps;
  long duplicates;
  int verdictMismatches;
  int unclosedRecordings;
  int unfinishedJobs;
  /** The fault met something: a request, a write, a packet. */
  boolean hadEffect;
  long tookMillis;
  final List<String> complaints = new ArrayList<>();

  RunResult(ChaosPlan plan) {
    this.plan = plan;
  }

  boolean isGood() {
    return complaints.isEmpty();
  }

  String text() {
    return plan.text() + "; " + packetsSent + " sent, " + packetsInFiles + " in files, " + lostByNetwork
        + " lost by the network, " + inGaps + " in gaps, " + tookMillis / 1000 + " s"
        + (hadEffect ? "" : ", without effect") + (isGood() ? "" : "\n  " + String.join("\n  ", complaints));
  }
}
