package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.dtls.DtlsOutput;
import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.ice.IceCredentials;
import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.packet.PacketArena;
import dev.tapedeck.media.core.packet.Path;
import dev.tapedeck.media.core.session.CloseReason;
import dev.tapedeck.media.core.session.PeerSession;
import dev.tapedeck.media.core.session.SessionEnvironment;
import dev.tapedeck.media.core.session.SessionRegistry;
import dev.tapedeck.media.core.session.Join;
import dev.tapedeck.media.core.session.Presence;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.stats.WorkerCounters;
import dev.tapedeck.media.core.timer.TimerHeap;
import dev.tapedeck.media.io.crypto.CipherChoice;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Real sessions that nobody has connected to yet. */
final class TestSessions {
  /** A handshake that never begins. */
  private static final DtlsTransport SILENT = new DtlsTransport() {
    @Override
    public void receive(byte[] datagram) {}

    @Override
    public Optional<DtlsOutput> poll() {
      return Optional.empty();
    }

    @Override
    public void send(byte[] data) {}

    @Override
    public void close() {}
  };

  private static final DtlsTransport.Factory SILENT_DTLS = new DtlsTransport.Factory() {
    @Override
    public Fingerprint localFingerprint() {
      return new Fingerprint("sha-256", "00");
    }

    @Override
    public DtlsTransport accept(Fingerprint expected, Runnable wake) {
      return SILENT;
    }
  };

  /** Tables that are not looked at. */
  private static final SessionRegistry REGISTRY = new SessionRegistry() {
    @Override
    public void pathAdded(PeerSession session, Path path) {}

    @Override
    public void pathRemoved(PeerSession session, Path path) {}

    @Override
    public void ufragAdded(PeerSession session, long ufragKey) {}

    @Override
    public void ufragRetired(long ufragKey) {}

    @Override
    public void connected(PeerSession session, long nowNanos) {}

    @Override
    public void closed(PeerSession session, long nowNanos, CloseReason reason) {}

    @Override
    public void gone(PeerSession session) {}
  };

  static final int SLOTS = 128;

  final PacketArena arena = new PacketArena(Arena.ofAuto(), SLOTS, 2048);
  final WorkerCounters counters = new WorkerCounters();
  private final SplittableRandom random = new SplittableRandom(1);
  private final SessionEnvironment environment;
  private long ids = 1L << 32;

  TestSessions(SessionEnvironment.Flusher flusher) {
    environment = new SessionEnvironment(arena, null, new TimerHeap(), counters,
        CipherChoice.choose(Optional.of("portable")), SILENT_DTLS, flusher, REGISTRY, random, 1, 1,
        Limits.defaults());
  }

  PeerSession create() {
    SessionSpec spec = new SessionSpec(ids, "connection", SessionSpec.Role.WATCH, "app",
        Optional.of(new Join(ids++, "room", "peer", false, false, Optional.empty(), Presence.of(Optional.empty()))),
        IceCredentials.create(random), "ufrag", new Fingerprint("sha-256", "00"), true, List.of(), "", "",
        Optional.empty(), Optional.empty());
    return new PeerSession(spec, environment, () -> {}, 0);
  }
}
