package dev.tapedeck.media.core.room;

import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.record.WallClock;
import dev.tapedeck.media.core.session.JoinGate;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.timer.TimerHeap;
import java.util.random.RandomGenerator;

/**
 * What all rooms of one worker share.
 *
 * @param cachedPackets     what all caches of the worker hold
 * @param videoCachePackets packets kept per video stream for retransmission, a power of two
 * @param audioCachePackets the same for audio
 */
public record RoomEnvironment(
    PacketArena arena,
    TimerHeap timers,
    WorkerCounters counters,
    WallClock wallClock,
    RandomGenerator random,
    JoinGate joinGate,
    CachedPackets cachedPackets,
    int videoCachePackets,
    int audioCachePackets,
    Limits limits) {}
