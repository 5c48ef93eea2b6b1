package dev.tapedeck.bench.overload;

import dev.tapedeck.bench.load.LoadRun;

/**
 * One rate of the pictures.
 *
 * @param picturePacketsPerSecond of each publisher
 * @param audioOffered            packets of voices that the publishers sent, times those who watch them
 * @param videoOffered            the same of pictures
 * @param taped                   packets the server handed to its tapes, over those the publishers sent
 */
record OverloadStep(
    int picturePacketsPerSecond, long audioOffered, long videoOffered, double taped, LoadRun load) {
  private static final String WORKER = "worker";

  double offeredPerSecond() {
    return (audioOffered + videoOffered) / load.seconds();
  }

  /** Packets of both kinds that arrived. */
  double goodputPerSecond() {
    return load.packetsPerSecond();
  }

  /** Share of the offered packets that did not arrive in the window, 0..1. */
  double audioLoss() {
    return loss(load.traffic().audio(), audioOffered);
  }

  double videoLoss() {
    return loss(load.traffic().video(), videoOffered);
  }

  double loss() {
    return loss(load.traffic().packets(), audioOffered + videoOffered);
  }

  private static double loss(long arrived, long offered) {
    return offered == 0 ? 0 : Math.max(0, 1 - (double) arrived / offered);
  }

  /** Cores that the server's forwarding threads took. */
  double workerCores() {
    return load.threadNanos().getOrDefault(WORKER, 0L) / 1e9 / load.seconds();
  }

  boolean isGeneratorBound() {
    return load.generator().bound().isPresent();
  }
}
