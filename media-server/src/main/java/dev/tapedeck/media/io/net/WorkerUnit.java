package dev.tapedeck.media.io.net;

import dev.tapedeck.media.core.stats.WorkerCounters;

/** One worker with its thread and sockets. */
public record WorkerUnit(WorkerLoop loop, UdpTransport transport, WorkerCounters counters) {}
