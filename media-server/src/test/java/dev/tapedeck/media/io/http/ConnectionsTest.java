package dev.tapedeck.media.io.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.limit.Limits;
import dev.tapedeck.media.core.room.TapeDeck;
import dev.tapedeck.media.core.sctp.SctpLimits;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.session.Visibility;
import dev.tapedeck.media.core.worker.WorkerConfig;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.media.io.connector.NodeRevocations;
import dev.tapedeck.media.io.crypto.CipherChoice;
import dev.tapedeck.media.io.dtls.BcDtlsTransportFactory;
import dev.tapedeck.media.io.dtls.DtlsCertificate;
import dev.tapedeck.media.io.dtls.DtlsSettings;
import dev.tapedeck.media.io.net.WorkerGroup;
import dev.tapedeck.media.io.net.WorkerGroupFactory;
import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.token.Apps;
import dev.tapedeck.protocol.token.TokenClaims;
import dev.tapedeck.protocol.token.TokenIssuer;
import dev.tapedeck.protocol.token.TokenIssuer.Grant;
import dev.tapedeck.protocol.token.TokenKind;
import dev.tapedeck.protocol.token.TokenVerifier;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** what is left of a connection whose worker did not answer in time. */
class ConnectionsTest {
  private static final Apps APPS =
      Apps.of(Map.of("acme", List.of(Redacted.of("0123456789abcdef0123456789abcdef"))));
  private static final Limits ONE_SESSION =
      new Limits(1, 1, 10, 10, 10, 10, 10, 10, 100, 100_000, 100, 100, 100);

  @TempDir Path folder;
  private final BlockingQueue<WorkerEvent.SessionClosed> closed = new LinkedBlockingQueue<>();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final AtomicReference<Connections> connections = new AtomicReference<>();

  @Test
  void aWorkerThatDoesNotAnswerCostsNeitherSessionNorToken() throws Exception {
    SecureRandom random = new SecureRandom();
    TokenVerifier verifier = new TokenVerifier(APPS, List.of(), System::currentTimeMillis);
    Admission admission =
        new Admission(ONE_SESSION, List.of(), true, System::nanoTime, System::currentTimeMillis);
    TokenJoinGate gate = new TokenJoinGate(verifier, random, admission, event -> { });
    BcDtlsTransportFactory dtls =
        new BcDtlsTransportFactory(DtlsCertificate.create(random, Instant.now()), DtlsSettings.defaults());
    TapeDeck nobodyIsTaped = new TapeDeck(1, null, null, nowNanos -> nowNanos, new SplittableRandom(1), 0);
    try (WorkerGroup workers = new WorkerGroupFactory(
        List.of(InetAddress.getByName("127.0.0.1")), 0, 1024, true, WorkerConfig.defaults())
        .start(1, CipherChoice.choose(Optional.empty()), dtls, nobodyIsTaped, random, gate,
            NodeRevocations.open(folder.resolve("revoked-tokens"), System::currentTimeMillis), this::heard)) {
      connections.set(new Connections(workers, gate, dtls.localFingerprint(), List.of(), random, admission,
          ONE_SESSION, SctpLimits.defaults()));
      TokenClaims once = verifier.verify(new TokenIssuer(APPS, System::currentTimeMillis)
          .media(TokenKind.WHEP, "acme", Grant.of("room", "ann", false), 600, Optional.of("once")), TokenKind.WHEP);

      Thread.currentThread().interrupt(); // as if the time were over, while the worker is in the midst of it
      assertThatThrownBy(() -> watch(once)).isInstanceOf(IllegalStateException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(connections.get().count()).isZero();
      goOn.countDown();

      assertThat(closed.poll(60, TimeUnit.SECONDS)).as("the session that was made late is ended").isNotNull();
      watch(once);
      assertThat(connections.get().count()).isOne();
    }
  }

  private Connection watch(TokenClaims claims) {
    return connections.get().create(
        SessionSpec.Role.WATCH, claims, MediaLimitsTest.OFFER, "127.0.0.1", "", Visibility.SHOWN);
  }

  /** On the worker's thread, as the server hears it; the first event of a new session finds it held up. */
  private void heard(WorkerEvent event) {
    if (event instanceof WorkerEvent.SessionConnecting) {
      awaitGoOn();
    } else if (event instanceof WorkerEvent.SessionClosed end) {
      connections.get().forget(end.session());
      closed.add(end);
    }
  }

  private void awaitGoOn() {
    try {
      assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException("a worker was interrupted", e);
    }
  }
}
