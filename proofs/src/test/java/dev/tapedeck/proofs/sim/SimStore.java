package dev.tapedeck.proofs.sim;

import dev.tapedeck.connector.io.objects.ObjectStore;
import dev.tapedeck.connector.io.objects.RecordedObjects;
import dev.tapedeck.media.io.spool.ObjectPut;
import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.protocol.config.Redacted;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * An object store that refuses, hangs, forgets its own yes, stores something else than it was given, and loses objects.
 * It says of each object the truth about the bytes it has.
 */
final class SimStore implements RecordedObjects, ObjectPut {
  private static final String CHUNK = ".tdc";

  private final RandomGenerator random;
  private final SimClock clock;
  private final Faults faults;
  private final Map<String, Leave> leaves = new HashMap<>();

  /** What is in the bucket now. */
  final TreeMap<String, byte[]> objects = new TreeMap<>();

  /** Chunks that were looked at and found right, and lost by the store afterwards. */
  final Map<String, byte[]> lostLater = new HashMap<>();

  /** Whether chance plays; a store that is well again does what it is asked. */
  boolean isMoody;

  private record Leave(String key, long bytes, byte[] sha256, long untilMillis) {}

  SimStore(RandomGenerator random, SimClock clock, Faults faults) {
    this.random = random;
    this.clock = clock;
    this.faults = faults;
  }

  @Override
  public ObjectStore.Upload presignPut(String key, long bytes, byte[] sha256, Duration validity) {
    boolean isSkewed = isMoody && random.nextInt(12) == 0; // the clocks of signer and store differ
    String url = "https://store.example/" + leaves.size();
    leaves.put(url, new Leave(key, bytes, sha256, clock.wallMillis() + (isSkewed ? -1 : validity.toMillis())));
    return new ObjectStore.Upload(Redacted.of(url), Map.of("x-amz-checksum-sha256", HexFormat.of().formatHex(sha256)));
  }

  @Override
  public void put(PresignedPut target, byte[] body) throws IOException {
    Leave leave = leaves.get(target.uri().toString());
    if (clock.wallMillis() > leave.untilMillis()) {
      faults.hit("store: expired URL");
      throw new IOException("403 from store");
    }
    if (body.length != leave.bytes() || !Arrays.equals(sha256(body), leave.sha256())) {
      throw new IOException("400 from store"); // length and hash are signed
    }
    switch (isMoody ? random.nextInt(24) : -1) {
      case 0 -> refuse("403", "403 from store");
      case 1 -> refuse("500", "500 from store");
      case 2 -> refuse("time-out", "request timed out");
      case 3 -> {
        objects.put(leave.key(), body);
        refuse("answer lost after storing", "connection reset");
      }
      case 4 -> faults.hit("store: 200 with nothing stored");
      case 5 -> {
        faults.hit("store: 200 with half the bytes stored");
        objects.put(leave.key(), Arrays.copyOf(body, body.length / 2));
      }
      case 6 -> {
        faults.hit("store: 200 with other bytes stored");
        objects.put(leave.key(), spoilt(body));
      }
      case 7 -> {
        faults.hit("store: object gone before it was seen");
        objects.remove(leave.key());
      }
      default -> objects.put(leave.key(), body);
    }
  }

  @Override
  public Optional<ObjectStore.Seen> head(String key) throws IOException {
    answer();
    byte[] object = objects.get(key);
    if (object == null) {
      return Optional.empty();
    }
    String sha256 = hex(sha256(object));
    // Half of all stores keep no SHA-256.
    return Optional.of(new ObjectStore.Seen(object.length, "\"" + sha256 + "\"",
        key.hashCode() % 2 == 0 ? Optional.of(sha256) : Optional.empty()));
  }

  @Override
  public String hash(String key) throws IOException {
    return hex(sha256(read(key)));
  }

  @Override
  public byte[] read(String key) throws IOException {
    answer();
    byte[] object = objects.get(key);
    if (object == null) {
      throw new IOException("cannot read " + key + ": 404 from store");
    }
    return object;
  }

  @Override
  public void put(String key, byte[] body, String contentType) throws IOException {
    answer();
    objects.put(key, body.clone());
  }

  @Override
  public void close() {}

  /** Loses a chunk that was verified. What the ledger knows stays true of the past; only reading again finds it. */
  void loseOne(Set<String> verified) {
    List<String> candidates = new ArrayList<>(verified.stream().filter(objects::containsKey).sorted().toList());
    if (!candidates.isEmpty()) {
      String key = candidates.get(random.nextInt(candidates.size()));
      lostLater.put(key, objects.remove(key));
      faults.hit("store: object deleted later");
    }
  }

  /** Chunks in the bucket. */
  List<String> chunks() {
    return objects.keySet().stream().filter(key -> key.endsWith(CHUNK)).toList();
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private void answer() throws IOException {
    if (isMoody && random.nextInt(16) == 0) {
      refuse("no answer to the connector", "503 from store");
    }
  }

  private void refuse(String what, String message) throws IOException {
    faults.hit("store: " + what);
    throw new IOException(message);
  }

  private byte[] spoilt(byte[] body) {
    byte[] other = body.clone();
    other[random.nextInt(other.length)] ^= 0x40;
    return other;
  }
}
