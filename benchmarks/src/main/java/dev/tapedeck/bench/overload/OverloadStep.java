package dev.tapedeck.bench.overload;

import dev.tapedeck.bench.load.LoadRun;

/**
 * One rate of the pictures.
 *
 * @param picturePacketsPerSecond of each publisher
 * @param subscribers             of each publisher
 */
record OverloadStep(int picturePacketsPerSecond, int subscribers, LoadRun load) {
  /** From this share of lost packets on the server carries less than is offered. */
  private static final double OVERLOADED_LOSS = 0.02;
  private static final String WORKER = "worker";
  private static final String TAPED = "tapedeck_rtp_packets_taped";

  /** Packets of voices that the publishers sent, times those who watch them. */
  long audioOffered() {
    return load.generator().sentAudio() * subscribers;
  }

  long videoOffered() {
    return load.generator().sentVideo() * subscribers;
  }

  /** Packets the server handed to its tapes, over those the publishers sent. */
  double taped() {
    return load.serverCounters().getOrDefault(TAPED, 0.0) / Math.max(1, load.generator().sent());
  }

  double offeredPerSecond() {
    return (audioOffered() + videoOffered()) / load.seconds();
  }

  /** Packets of both kinds that arrived. */
  double goodputPerSecond() {
    return load.packetsPerSecond();
  }

  /** Share of the offered packets that did not arrive in the window, 0..1. */
  double audioLoss() {
    return loss(load.traffic().audio(), audioOffered());
  }

  double videoLoss() {
    return loss(load.traffic().video(), videoOffered());
  }

  double loss() {
    return loss(load.traffic().packets(), audioOffered() + videoOffered());
  }

  private static double loss(long arrived, long offered) {
    return offered == 0 ? 0 : Math.max(0, 1 - (double) arrived / offered);
  }

  boolean isOverloaded() {
    return loss() >= OVERLOADED_LOSS;
  }

  /** Cores that the server's forwarding threads took. */
  double workerCores() {
    return load.threadNanos().getOrDefault(WORKER, 0L) / 1e9 / load.seconds();
  }

  boolean isGeneratorBound() {
    return load.generator().bound().isPresent();
  }
}
