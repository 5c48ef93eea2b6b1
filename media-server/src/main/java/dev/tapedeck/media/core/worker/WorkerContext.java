package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.packet.DatagramSink;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.record.WallClock;
import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.core.session.JoinGate;
import dev.tapedeck.media.core.session.Revocations;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.stats.WorkerCounters;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/**
 * What a worker is given from outside.
 *
 * @param joinGate    decides about joins over data channels
 * @param revocations knows the tokens that open nothing any more
 * @param events      takes events in order; only queues
 * @param wakeForDtls called from any thread with the session whose DTLS has outputs; answers with a
 *                    {@link WorkerCommand.PumpDtls} on the worker's thread
 */
public record WorkerContext(
    PacketArena arena,
    DatagramSink sink,
    WorkerCounters counters,
    SrtpCipherFactory ciphers,
    DtlsTransport.Factory dtls,
    TapeDeck tapeDeck,
    WallClock wallClock,
    RandomGenerator random,
    JoinGate joinGate,
    Revocations revocations,
    Consumer<WorkerEvent> events,
    LongConsumer wakeForDtls) {}
