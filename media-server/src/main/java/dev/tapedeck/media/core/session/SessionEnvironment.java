package dev.tapedeck.media.core.session;

import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.packet.DatagramSink;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.timer.TimerHeap;
import java.util.random.RandomGenerator;

/** What all sessions of one worker share. */
public record SessionEnvironment(
    PacketArena arena,
    DatagramSink sink,
    TimerHeap timers,
    WorkerCounters counters,
    SrtpCipherFactory ciphers,
    DtlsTransport.Factory dtls,
    Flusher flusher,
    SessionRegistry registry,
    RandomGenerator random,
    long connectTimeoutNanos,
    long consentTimeoutNanos,
    Limits limits) {

  /** Remembers which receivers are owed packets, and decides when each is flushed. */
  public interface Flusher {
    /** The session goes from owing nothing to owing something. */
    void willOwe(PeerSession session);
  }
}
