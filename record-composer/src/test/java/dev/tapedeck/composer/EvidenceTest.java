package dev.tapedeck.composer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.testing.TestRecording;
import dev.tapedeck.composer.testing.TestRecording.Guest;
import dev.tapedeck.composer.testing.TestStore;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestKey;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import dev.tapedeck.protocol.manifest.ManifestSignature;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.rebuild.ManifestRebuild;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** D-14: whatever is changed in a recording or its manifest after the fact, verify finds it and says where. */
class EvidenceTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 14;
  private static final int FLIPS = 150;

  @TempDir
  private Path folder;

  private final KeyPair key = newKey();
  private final TestRecording recording = new TestRecording("acme", "room", 1)
      .with(new Guest("ann", new SynthSpec(0, 5, MediaCodec.VP8, 320, 180, 15), 0))
      .with(new Guest("bob", new SynthSpec(1, 3, MediaCodec.VP8, 320, 180, 15), 700))
      .finalized(key);
  private String said;

  @Test
  @DisplayName("D-14: one flipped byte anywhere in any chunk: verify names chunk and offset")
  void namesChunkAndOffsetOfAnyFlippedByte() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    recording.writeTo(folder);
    List<String> chunks = recording.chunkKeys();
    for (int i = 0; i < FLIPS; i++) {
      String chunk = chunks.get(random.nextInt(chunks.size()));
      byte[] whole = recording.objects().get(chunk);
      int at = random.nextInt(whole.length);
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(folder.resolve(chunk), changed);

      assertThat(verify()).as("seed %d, flip %d at byte %d of %s", SEED, i, at, chunk).isEqualTo(1);
      assertThat(answer().at("/firstBadChunk/chunk").asText()).isEqualTo(name(chunk));
      assertThat(answer().at("/firstBadChunk/offset").asLong(-1)).as("byte %d of %s", at, chunk)
          .isEqualTo(entryAround(whole, at));
      Files.write(folder.resolve(chunk), whole);
    }
    assertThat(verify()).as(said).isZero();
    System.out.println("evidence: " + FLIPS + " flipped bytes in " + chunks.size() + " chunks, seed " + SEED);
  }

  @Test
  void findsAnyFlippedByteOfTheManifestByItsSignature() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    recording.writeTo(folder);
    byte[] whole = recording.objects().get(newest());
    for (int i = 0; i < FLIPS; i++) {
      byte[] changed = whole.clone();
      int at = random.nextInt(whole.length);
      changed[at] ^= (byte) (1 << random.nextInt(8));
      writeManifest(changed);

      assertThat(verify("--key", x())).as("seed %d, byte %d", SEED, at).isEqualTo(1);
      assertThat(kinds()).as("seed %d, byte %d", SEED, at).containsAnyOf("signature", "manifest");
    }
  }

  @Test
  void findsEditsOfTheManifestByItsSignature() throws Exception {
    edit(manifest -> manifest.put("verdict", "partial"));
    assertSignatureBroken();
    edit(manifest -> chunks(manifest).remove(1));
    assertSignatureBroken();
    edit(manifest -> swap(chunks(manifest), 0, 1));
    assertSignatureBroken();
    edit(manifest -> manifest.put("room", "another"));
    assertSignatureBroken();
    edit(manifest -> ((ArrayNode) manifest.get("sessions")).remove(1));
    assertSignatureBroken();
  }

  @Test
  void findsALeftOutGapByItsSignature() throws Exception {
    ObjectNode manifest = (ObjectNode) JSON.readTree(recording.objects().get(newest()));
    manifest.remove("signature");
    manifest.put("verdict", "partial");
    addGap(manifest, 0);
    recording.objects().put(newest(), ManifestSignature.sign(JSON.writeValueAsBytes(manifest), key.getPrivate()));
    edit(changed -> {});
    assertThat(verify("--key", x())).as(said).isZero();

    edit(changed -> changed.putArray("gaps"));
    assertSignatureBroken();
  }

  @Test
  void findsAChunkTakenOutOfAnUnsignedManifestByTheChain() throws Exception {
    edit(manifest -> chunks(manifest).remove(0));

    assertThat(verify()).isEqualTo(1);
    assertThat(kinds()).contains("chain", "index_gap", "foreign");
  }

  @Test
  void findsReorderedChunksOfAnUnsignedManifestByTheChain() throws Exception {
    edit(manifest -> swap(chunks(manifest), 0, 1));

    assertThat(verify()).isEqualTo(1);
    assertThat(kinds()).contains("chain");
  }

  @Test
  void findsATailTakenOutOfAnUnsignedManifestAndTheStore() throws Exception {
    edit(manifest -> {
      String last = chunks(manifest).remove(chunks(manifest).size() - 1).get("key").asText();
      recording.objects().remove(last);
      deleteFile(last);
    });

    assertThat(verify()).isEqualTo(1);
    assertThat(kinds()).contains("chain", "unnamed_loss");
  }

  @Test
  void missesPacketsThatNoGapNames() throws Exception {
    edit(manifest -> reception(manifest, 3));

    assertThat(verify()).isEqualTo(1);
    assertThat(kinds()).contains("unnamed_loss");
    assertThat(said).contains("3 packets are neither on the tape nor in a gap");
  }

  @Test
  void isContentWithPacketsThatAGapNames() throws Exception {
    edit(manifest -> {
      reception(manifest, 3);
      manifest.put("verdict", "partial");
      addGap(manifest, 3);
    });

    assertThat(verify()).as(said).isZero();
  }

  @Test
  void seesAnOlderManifestPutBack() throws Exception {
    recording.objects().put(recording.path() + "manifest.2.json", recording.objects().get(newest()));
    recording.writeTo(folder);

    assertThat(verify()).isEqualTo(1);
    assertThat(said).contains("is version 1, but manifest.2.json is there");
  }

  @Test
  void saysHowFarTheKeyIsTrusted() throws Exception {
    recording.writeTo(folder);
    Path jwk = Files.write(folder.resolve("key.json"), keySet(key).json());

    assertThat(verify("--key", x())).isZero();
    assertThat(signature()).isEqualTo("valid pinned");
    assertThat(verify("--key", jwk.toString())).isZero();
    assertThat(signature()).isEqualTo("valid pinned");
    assertThat(verify("--key", new String(keySet(key).json()))).isZero();
    assertThat(signature()).isEqualTo("valid pinned");
    assertThat(verify()).isZero();
    assertThat(signature()).isEqualTo("unchecked");
    assertThat(verify("--key", x(newKey()))).isEqualTo(1);
    assertThat(signature()).isEqualTo("unknown_key");
    assertThat(verify("--key", "no-such-file")).isEqualTo(1);
  }

  @Test
  void reportsAServedKeyAsNotPinned() throws Exception {
    recording.writeTo(folder);
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(ManifestKeySet.PATH, exchange -> {
      byte[] body = keySet(newKey(), key).json();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    try {
      String origin = "http://127.0.0.1:" + server.getAddress().getPort();
      assertThat(verify("--keys", origin + ManifestKeySet.PATH)).as(said).isZero();
      assertThat(signature()).isEqualTo("valid");
      assertThat(verify("--keys", origin + "/elsewhere")).isEqualTo(1);
      assertThat(said).contains("answered 404");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void wantsASignatureWhereAKeyIsGiven() throws Exception {
    recording.finalized(); // unsigned
    recording.objects().put(recording.path() + "manifest.1.json", recording.objects().get(newest()));
    recording.writeTo(folder);

    assertThat(verify()).isZero();
    assertThat(verify("--key", x())).isEqualTo(1);
    assertThat(signature()).isEqualTo("unsigned");
  }

  @Test
  @DisplayName("D-14: verify and rebuild read a real S3 API")
  void readsFromAStore() throws Exception {
    try (TestStore store = new TestStore(folder)) {
      recording.writeTo(folder.resolve("tapes"));
      String uri = store.uri("tapes", recording.path());

      assertThat(run("verify", uri, "--json", "--key", x())).as(said).isZero();
      assertThat(signature()).isEqualTo("valid pinned");
      String victim = recording.chunkKeys().getLast();
      byte[] chunk = recording.objects().get(victim).clone();
      chunk[chunk.length / 2] ^= 0x10;
      Files.write(store.file("tapes", victim), chunk);
      assertThat(run("verify", uri, "--json")).isEqualTo(1);
      assertThat(answer().at("/firstBadChunk/chunk").asText()).isEqualTo(name(victim));
      Path out = folder.resolve("rebuilt.json");
      assertThat(run("rebuild", uri, "--out", out.toString())).isEqualTo(1);
      assertThat(ManifestJson.read(Files.readAllBytes(out)).verdict()).isEqualTo(Verdict.PARTIAL);
    }
  }

  @Test
  void rebuildsWhatTheChunksTell() throws Exception {
    Manifest told = ManifestJson.read(recording.objects().get(newest()));
    Manifest rebuilt = rebuild();

    assertThat(rebuilt.closeReason()).isEqualTo(ManifestRebuild.CLOSE_REASON);
    assertThat(rebuilt.keyId()).isEmpty();
    assertThat(rebuilt.verdict()).isEqualTo(Verdict.COMPLETE);
    assertThat(rebuilt.packets()).isEqualTo(told.packets());
    assertThat(rebuilt.roomInstance()).isEqualTo(told.roomInstance());
    for (int i = 0; i < told.sessions().size(); i++) {
      Manifest.Session session = rebuilt.sessions().get(i);
      assertThat(session.chunks()).isEqualTo(told.sessions().get(i).chunks());
      assertThat(session.chain()).isEqualTo(told.sessions().get(i).chain());
      assertThat(session.tailUnknownSince()).isPresent();
      for (int t = 0; t < 2; t++) {
        Manifest.Reception reception = session.tracks().get(t).reception();
        assertThat(reception.received()).isEqualTo(told.sessions().get(i).tracks().get(t).reception().received());
        assertThat(reception.lost()).isZero();
        assertThat(session.tracks().get(t).senderReports()).isPresent();
      }
    }
    writeManifest(ManifestJson.write(rebuilt));
    assertThat(verify()).as(said).isZero();
  }

  @Test
  void rebuildNamesAMissingChunk() throws Exception {
    String gone = recording.chunkKeys().get(1);
    recording.objects().remove(gone);
    Manifest rebuilt = rebuild();

    assertThat(rebuilt.verdict()).isEqualTo(Verdict.PARTIAL);
    assertThat(rebuilt.gaps()).singleElement().satisfies(gap -> {
      assertThat(gap.peer()).isEqualTo("ann");
      assertThat(gap.from()).isBefore(gap.to());
    });
  }

  private Manifest rebuild() throws Exception {
    recording.writeTo(folder);
    for (String manifest : List.of("manifest.json", "manifest.1.json")) {
      Files.delete(folder.resolve(recording.path()).resolve(manifest));
    }
    Path out = folder.resolve("rebuilt.json");
    run("rebuild", folder.resolve(recording.path()).toString(), "--out", out.toString());
    return ManifestJson.read(Files.readAllBytes(out));
  }

  private int verify(String... more) throws IOException {
    List<String> arguments = new ArrayList<>(
        List.of("verify", folder.resolve(recording.path()).toString(), "--json"));
    arguments.addAll(Arrays.asList(more));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    StringWriter text = new StringWriter();
    CommandLine cli = ComposerCli.commandLine();
    cli.setOut(new PrintWriter(text, true)).setErr(new PrintWriter(text, true));
    int status = cli.execute(arguments);
    said = text.toString();
    return status;
  }

  private JsonNode answer() throws IOException {
    return JSON.readTree(said);
  }

  private List<String> kinds() throws IOException {
    return StreamSupport.stream(answer().path("findings").spliterator(), false)
        .map(finding -> finding.get("kind").asText()).toList();
  }

  private String signature() throws IOException {
    JsonNode signature = answer().get("signature");
    return signature.get("state").asText() + (signature.get("pinned").booleanValue() ? " pinned" : "");
  }

  /** Changes the manifest as somebody without the key would, and leaves the signature where it is. */
  private void edit(Consumer<ObjectNode> change) throws IOException {
    recording.writeTo(folder);
    ObjectNode manifest = (ObjectNode) JSON.readTree(recording.objects().get(newest()));
    change.accept(manifest);
    writeManifest(JSON.writeValueAsBytes(manifest));
  }

  private void assertSignatureBroken() throws IOException {
    assertThat(verify("--key", x())).isEqualTo(1);
    assertThat(signature()).startsWith("invalid");
    assertThat(kinds()).contains("signature");
  }

  private void writeManifest(byte[] json) throws IOException {
    Files.write(folder.resolve(newest()), json);
    Files.write(folder.resolve(recording.path() + "manifest.1.json"), json);
  }

  private void deleteFile(String objectKey) {
    assertThat(folder.resolve(objectKey).toFile().delete()).isTrue();
  }

  private static void addGap(ObjectNode manifest, int packets) {
    manifest.withArray("gaps").addObject().put("peer", "ann").put("session", 6_000_000_000L).put("track", 0)
        .put("from", "2026-05-28T10:00:00.000Z").put("to", "2026-05-28T10:00:01.000Z").put("cause", "queue")
        .put("packets", packets);
  }

  private static ArrayNode chunks(ObjectNode manifest) {
    return (ArrayNode) manifest.at("/sessions/0/chunks");
  }

  private static void swap(ArrayNode array, int one, int other) {
    List<JsonNode> all = new ArrayList<>();
    array.forEach(all::add);
    Collections.swap(all, one, other);
    array.removeAll().addAll(all);
  }

  /** So many more packets reached the first track. */
  private static void reception(ObjectNode manifest, int more) {
    ObjectNode reception = (ObjectNode) manifest.at("/sessions/0/tracks/0/reception");
    reception.put("received", reception.get("received").intValue() + more);
    reception.put("expected", reception.get("expected").intValue() + more);
  }

  private String newest() {
    return recording.path() + "manifest.json";
  }

  private String name(String chunk) {
    return chunk.substring(recording.path().length());
  }

  private String x() throws IOException {
    return x(key);
  }

  /** The key's 32 bytes in base64url, as its JWK has them. */
  private static String x(KeyPair pair) throws IOException {
    return JSON.readTree(keySet(pair).json()).at("/keys/0/x").asText();
  }

  private static ManifestKeySet keySet(KeyPair... keys) {
    return new ManifestKeySet(
        Arrays.stream(keys).map(pair -> ManifestKey.active(pair.getPublic(), Instant.EPOCH)).toList());
  }

  /** Where the entry begins that holds this byte; 0 within the header. */
  private static long entryAround(byte[] chunk, int at) throws IOException {
    ChunkReader reader = ChunkReader.of(chunk);
    long start = 0;
    while (reader.next() && reader.entry().offset() <= at) {
      start = reader.entry().offset();
    }
    return start;
  }

  private static KeyPair newKey() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has Ed25519", e);
    }
  }
}
