package dev.tapedeck.media.io.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.dtls.DtlsOutput;
import dev.tapedeck.media.core.dtls.DtlsTransport;
import dev.tapedeck.media.core.dtls.Fingerprint;
import dev.tapedeck.media.core.dtls.SrtpKeys;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.bouncycastle.tls.DTLSTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class BcDtlsTransportTest {
  private static final int GCM = 0x0007;
  private static final int GCM_256 = 0x0008;
  private static final int SHA1_80 = 0x0001;
  private static final DtlsCertificate SERVER = DtlsCertificate.create(new SecureRandom(), Instant.EPOCH);
  private static final DtlsCertificate CLIENT = DtlsCertificate.create(new SecureRandom(), Instant.EPOCH);
  private static final Duration RESEND = Duration.ofMillis(20);

  private final BcDtlsTransportFactory factory = factory(Duration.ofSeconds(60), 2);

  private static BcDtlsTransportFactory factory(Duration handshakeTimeout, int concurrentHandshakes) {
    return new BcDtlsTransportFactory(SERVER, new DtlsSettings(handshakeTimeout, RESEND, concurrentHandshakes));
  }

  private DtlsPeers peers() {
    return new DtlsPeers(factory, CLIENT.fingerprint(), 0, 0);
  }

  private static DtlsTestClient client(int... srtpProfiles) {
    return new DtlsTestClient(Optional.of(CLIENT), srtpProfiles);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "GCM only,           7,     AEAD_AES_128_GCM",
    "SHA1 only,          1,     AES128_CM_HMAC_SHA1_80",
    "as Chromium offers, 1 8 7, AEAD_AES_128_GCM",
    "as Firefox offers,  7 8 1, AEAD_AES_128_GCM"
  })
  void agreesOnKeysByItsOwnOrderOfProfiles(String what, String offered, SrtpProfile profile) throws Exception {
    DtlsPeers peers = peers();
    DtlsTestClient client = client(Arrays.stream(offered.split(" ")).mapToInt(Integer::parseInt).toArray());

    peers.connect(client).get(30, TimeUnit.SECONDS);
    peers.awaitConnected();

    SrtpKeys keys = peers.connected.keys();
    assertThat(keys.profile()).isEqualTo(profile);
    assertThat(client.srtpProfile).isEqualTo(profile.id);
    int key = profile.keyBytes;
    int salt = profile.saltBytes;
    assertThat(keys.remoteKey()).hasSize(key).isEqualTo(client.exported(0, key));
    assertThat(keys.localKey()).hasSize(key).isEqualTo(client.exported(key, key));
    assertThat(keys.remoteSalt()).hasSize(salt).isEqualTo(client.exported(2 * key, salt));
    assertThat(keys.localSalt()).hasSize(salt).isEqualTo(client.exported(2 * key + salt, salt));
  }

  /** A session waits for the end of its association; it must come whatever happens to the task. */
  @Test
  void anErrorEndsTheAssociation() throws Exception {
    CompletableFuture<Void> isOver = new CompletableFuture<>();
    AtomicBoolean hasFailed = new AtomicBoolean();
    BcDtlsTransport server = (BcDtlsTransport) factory.accept(CLIENT.fingerprint(), () -> {
      if (hasFailed.compareAndSet(false, true)) {
        throw new StackOverflowError("made to fail");
      }
      isOver.complete(null);
    });
    server.receive(DtlsPeers.firstDatagramOf(client(GCM)));
    isOver.get(60, TimeUnit.SECONDS);
    while (server.isTaskRunning()) {
      Thread.onSpinWait();
    }
    List<DtlsOutput> outputs = Stream.generate(server::poll).takeWhile(Optional::isPresent).map(Optional::get).toList();
    assertThat(outputs.getLast()).isInstanceOfSatisfying(DtlsOutput.Closed.class,
        closed -> assertThat(closed.reason()).contains("StackOverflowError"));
  }

  @Test
  void showsTheCertificateItsFingerprintNames() throws Exception {
    DtlsPeers peers = peers();
    DtlsTestClient client = client(GCM);
    peers.connect(client).get(30, TimeUnit.SECONDS);

    assertThat(CertificateFingerprint.of("sha-256", client.serverCertificate))
        .isEqualTo(factory.localFingerprint());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha-1", "sha-256", "sha-384", "SHA-512"})
  void takesEveryFingerprintAlgorithmOfSdp(String algorithm) throws Exception {
    Fingerprint expected = CertificateFingerprint.of(algorithm, CLIENT.encoded());
    DtlsPeers peers = new DtlsPeers(factory, new Fingerprint(algorithm, expected.value().toLowerCase()), 0, 0);

    peers.connect(client(GCM)).get(30, TimeUnit.SECONDS);
    peers.awaitConnected();
  }

  @Test
  void refusesAnotherCertificateThanTheSdpSaid() {
    Fingerprint other = SERVER.fingerprint();
    DtlsPeers peers = new DtlsPeers(factory, other, 0, 0);
    CompletableFuture<DTLSTransport> connection = peers.connect(client(GCM));

    assertThat(peers.awaitClosed())
        .contains("bad_certificate", "certificate is " + CLIENT.fingerprint(), "the SDP said " + other);
    assertThat(peers.connected).isNull();
    assertThatThrownBy(() -> connection.get(30, TimeUnit.SECONDS)).hasMessageContaining("bad_certificate");
  }

  @Test
  void refusesAFingerprintAlgorithmThatProvesNothing() {
    DtlsPeers peers = new DtlsPeers(factory, new Fingerprint("md5", "00"), 0, 0);
    peers.connect(client(GCM));

    assertThat(peers.awaitClosed()).contains("fingerprint algorithm md5 is not accepted");
  }

  @Test
  void refusesAClientWithoutCertificate() {
    DtlsPeers peers = peers();
    peers.connect(new DtlsTestClient(Optional.empty(), GCM));

    assertThat(peers.awaitClosed()).contains("peer shows no certificate");
  }

  @Test
  void refusesAClientWithoutSrtp() {
    DtlsPeers peers = peers();
    peers.connect(client());

    assertThat(peers.awaitClosed()).contains("peer does not offer SRTP");
  }

  @Test
  void refusesAClientWithoutACommonProfile() {
    DtlsPeers peers = peers();
    peers.connect(client(GCM_256));

    assertThat(peers.awaitClosed()).contains("no SRTP profile in common; peer offers [8]");
  }

  @Test
  void refusesAClientWithoutExtendedMasterSecret() {
    DtlsPeers peers = peers();
    DtlsTestClient client = client(GCM);
    client.withholdsExtendedMasterSecret = true;
    peers.connect(client);

    assertThat(peers.awaitClosed()).contains("handshake_failure");
  }

  @ParameterizedTest
  @ValueSource(ints = {1200, 300})
  void reassemblesTheLongHelloOfBrowsers(int clientSendLimit) throws Exception {
    DtlsPeers peers = peers();
    peers.clientSendLimit = clientSendLimit;
    DtlsTestClient client = client(SHA1_80, GCM_256, GCM);
    client.looksLikeBrowser = true;

    peers.connect(client).get(30, TimeUnit.SECONDS);
    peers.awaitConnected();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void connectsOverALinkThatLosesRepeatsAndSwaps(long seed) throws Exception {
    System.out.println("seed " + seed);
    DtlsPeers peers = new DtlsPeers(factory, CLIENT.fingerprint(), seed, 15);
    peers.clientSendLimit = 600;
    DtlsTestClient client = client(SHA1_80, GCM);
    client.looksLikeBrowser = true;

    CompletableFuture<DTLSTransport> connection = peers.connect(client);
    DTLSTransport transport = connection.get(60, TimeUnit.SECONDS);
    peers.awaitConnected();

    assertThat(peers.connected.keys().remoteKey()).isEqualTo(client.exported(0, 16));
    DtlsPeers.await("data across", () -> {
      send(transport, "again and again");
      return !peers.dataAtServer.isEmpty();
    });
  }

  @Test
  void carriesDataBothWaysAndThenHoldsNoThread() throws Exception {
    DtlsPeers peers = peers();
    DTLSTransport client = peers.connect(client(GCM)).get(30, TimeUnit.SECONDS);
    peers.awaitConnected();

    for (int bytes : new int[] {1, 100, DtlsTransport.MAX_DATA_BYTES}) {
      byte[] data = new byte[bytes];
      new SplittableRandom(bytes).nextBytes(data);
      client.send(data, 0, bytes);
      assertThat(peers.dataAtServer.poll(30, TimeUnit.SECONDS)).isEqualTo(data);
      peers.server.send(data);
      assertThat(DtlsPeers.read(client)).isEqualTo(data);
    }
    DtlsPeers.await("idle", () -> !((BcDtlsTransport) peers.server).isTaskRunning());
  }

  @Test
  void refusesDataThatFitsNoDatagram() {
    DtlsTransport transport = factory.accept(CLIENT.fingerprint(), () -> {});

    assertThatThrownBy(() -> transport.send(new byte[DtlsTransport.MAX_DATA_BYTES + 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("data has 1151 bytes, more than 1150");
  }

  @Test
  void saysWhenThePeerCloses() throws Exception {
    DtlsPeers peers = peers();
    DTLSTransport client = peers.connect(client(GCM)).get(30, TimeUnit.SECONDS);
    peers.awaitConnected();

    client.close();

    assertThat(peers.awaitClosed()).isEqualTo("peer ended it: close_notify");
  }

  @Test
  void tellsThePeerWhenItCloses() throws Exception {
    DtlsPeers peers = peers();
    DtlsTestClient client = client(GCM);
    DTLSTransport transport = peers.connect(client).get(30, TimeUnit.SECONDS);
    peers.awaitConnected();

    peers.server.close();
    peers.server.close();

    assertThat(peers.awaitClosed()).isEqualTo("closed by us");
    DtlsPeers.await("told", () -> {
      receive(transport);
      return client.heardClose;
    });
    peers.server.send(new byte[10]);
    peers.server.receive(new byte[] {20, 1, 2});
    DtlsPeers.await("idle", () -> !((BcDtlsTransport) peers.server).isTaskRunning());
  }

  @Test
  void sendsWhatIsQueuedBeforeItCloses() throws Exception {
    DtlsPeers peers = peers();
    DTLSTransport client = peers.connect(client(GCM)).get(30, TimeUnit.SECONDS);
    peers.awaitConnected();

    for (byte i = 1; i <= 50; i++) {
      peers.server.send(new byte[] {i});
    }
    peers.server.close();

    for (byte i = 1; i <= 50; i++) {
      assertThat(DtlsPeers.read(client)).isEqualTo(new byte[] {i});
    }
    assertThat(peers.awaitClosed()).isEqualTo("closed by us");
  }

  @Test
  void closesBeforeAnythingCame() {
    DtlsPeers peers = peers();
    peers.server.close();

    assertThat(peers.awaitClosed()).isEqualTo("closed by us");
  }

  @Test
  void givesUpOnAPeerThatFallsSilent() {
    DtlsPeers peers = new DtlsPeers(factory(Duration.ofMillis(200), 1), CLIENT.fingerprint(), 0, 0);
    peers.server.receive(firstDatagram());

    assertThat(peers.awaitClosed()).isEqualTo("DTLS handshake failed: not finished after 200 ms");
    DtlsPeers.await("idle", () -> !((BcDtlsTransport) peers.server).isTaskRunning());
  }

  @Test
  void silentPeersDoNotHoldUpOthers() throws Exception {
    BcDtlsTransportFactory narrow = factory(Duration.ofSeconds(60), 1);
    byte[] hello = firstDatagram();
    List<DtlsPeers> silent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      DtlsPeers peers = new DtlsPeers(narrow, CLIENT.fingerprint(), 0, 0);
      peers.server.receive(hello);
      silent.add(peers);
    }

    DtlsPeers good = new DtlsPeers(narrow, CLIENT.fingerprint(), 0, 0);
    good.connect(client(GCM)).get(30, TimeUnit.SECONDS);
    good.awaitConnected();

    silent.forEach(peers -> peers.server.close());
    silent.forEach(peers -> assertThat(peers.awaitClosed()).isEqualTo("closed by us"));
  }

  @Test
  void connectsAHundredAtOnce() throws Exception {
    List<DtlsPeers> all = new ArrayList<>();
    List<CompletableFuture<DTLSTransport>> connections = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      DtlsPeers peers = peers();
      all.add(peers);
      connections.add(peers.connect(client(GCM)));
    }
    for (CompletableFuture<DTLSTransport> connection : connections) {
      connection.get(60, TimeUnit.SECONDS);
    }
    all.forEach(DtlsPeers::awaitConnected);
    assertThat(all.stream().map(peers -> HexFormat.of().formatHex(peers.connected.keys().localKey())))
        .doesNotHaveDuplicates();
  }

  @Test
  void shrugsOffGarbage() throws Exception {
    SplittableRandom random = new SplittableRandom(6347);
    DtlsPeers peers = peers();
    sendGarbage(peers, random, 200);
    DTLSTransport client = peers.connect(client(GCM)).get(30, TimeUnit.SECONDS);
    peers.awaitConnected();
    for (int i = 0; i < 10; i++) {
      sendGarbage(peers, random, 200);
      DtlsPeers.await("digested", () -> !((BcDtlsTransport) peers.server).isTaskRunning());
    }

    client.send("still here".getBytes(StandardCharsets.UTF_8), 0, 10);

    assertThat(peers.dataAtServer.poll(30, TimeUnit.SECONDS)).asString(StandardCharsets.UTF_8).isEqualTo("still here");
  }

  private static void sendGarbage(DtlsPeers peers, SplittableRandom random, int datagrams) {
    for (int i = 0; i < datagrams; i++) {
      byte[] garbage = new byte[random.nextInt(1, 1500)];
      random.nextBytes(garbage);
      garbage[0] = (byte) random.nextInt(20, 64);
      peers.server.receive(garbage);
    }
  }

  /** The start of a handshake whose client is never heard of again. */
  private static byte[] firstDatagram() {
    return DtlsPeers.firstDatagramOf(client(GCM));
  }

  private static void send(DTLSTransport transport, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      transport.send(bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void receive(DTLSTransport transport) {
    try {
      transport.receive(new byte[2048], 0, 2048, 10);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
