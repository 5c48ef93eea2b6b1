package dev.tapedeck.composer.testing;

import com.google.protobuf.ByteString;
import dev.tapedeck.composer.core.frame.Packetizers;
import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.FrameSource;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.synth.SynthAudio;
import dev.tapedeck.composer.synth.SynthSpec;
import dev.tapedeck.composer.synth.SynthVideo;
import dev.tapedeck.protocol.chunk.ChunkEncryption;
import dev.tapedeck.protocol.chunk.ChunkHeader;
import dev.tapedeck.protocol.chunk.ChunkWriter;
import dev.tapedeck.protocol.chunk.ClockEntry;
import dev.tapedeck.protocol.chunk.EndEntry;
import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.codec.Codec;
import dev.tapedeck.protocol.codec.MediaKind;
import dev.tapedeck.protocol.id.ChunkKey;
import dev.tapedeck.protocol.manifest.ChunkChain;
import dev.tapedeck.protocol.manifest.Manifest;
import dev.tapedeck.protocol.manifest.ManifestJson;
import dev.tapedeck.protocol.manifest.ManifestKey;
import dev.tapedeck.protocol.manifest.ManifestSignature;
import dev.tapedeck.protocol.manifest.Verdict;
import dev.tapedeck.protocol.rtp.NtpTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A recording as the media server leaves it in the store: synthetic clips packetised, sent through a network with
 * jitter, and taped in chunks by the writer of protocol.chunk.
 */
public final class TestRecording {
  public static final long RECORDING = 5_000_000_001L;
  public static final long STARTED_MILLIS = 1_780_000_000_000L;
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long MONOTONIC_START = 40_000 * SECOND;
  private static final long CHUNK_NANOS = 2 * SECOND;
  private static final int MAX_PAYLOAD = 1100;
  private static final int VIDEO_PAYLOAD_TYPE = 96;
  private static final int AUDIO_PAYLOAD_TYPE = 111;
  private static final int CHUNK_BYTES = 8 << 20;

  /** Encoding costs most of a test's time, and the same clip is the same bytes. */
  private static final Map<SynthSpec, Clip> CLIPS = new ConcurrentHashMap<>();

  private final String app;
  private final String room;
  private final SplittableRandom random;
  private final Map<String, byte[]> objects = new TreeMap<>();
  private final List<Manifest.Session> sessions = new ArrayList<>();
  private long nextSession = 6_000_000_000L;
  private long endMillis = STARTED_MILLIS;

  public TestRecording(String app, String room, long seed) {
    this.app = app;
    this.room = room;
    this.random = new SplittableRandom(seed);
  }

  /**
   * One session.
   *
   * @param spec         its picture and tone
   * @param joinedMillis after the recording's start
   */
  public record Guest(String peer, SynthSpec spec, long joinedMillis) {}

  private record Clip(List<EncodedFrame> video, List<EncodedFrame> audio) {}

  private record Entry(long arrivalNanos, int track, boolean isReport, byte[] packet) {}

  /** Prefix of all objects, ending in "/"; what {@code record_path} names. */
  public String path() {
    return ChunkKey.recordingPrefix(app, room, RECORDING);
  }

  /** Everything in the bucket, by full key; may be changed to do harm. */
  public Map<String, byte[]> objects() {
    return objects;
  }

  /** Keys of the chunks, in order. */
  public List<String> chunkKeys() {
    return objects.keySet().stream().filter(key -> key.endsWith(".tdc")).toList();
  }

  public TestRecording with(Guest guest) {
    long session = nextSession++;
    List<Entry> entries = new ArrayList<>();
    long clockBase = random.nextLong(1000 * SECOND);
    Clip clip = CLIPS.computeIfAbsent(guest.spec(), TestRecording::encode);
    entries.addAll(send(1, guest, clip.video, guest.spec().codec(), 90_000, clockBase));
    entries.addAll(send(2, guest, clip.audio, MediaCodec.OPUS, 48_000, clockBase));
    entries.sort(Comparator.comparingLong(Entry::arrivalNanos));
    List<Manifest.Chunk> chunks = chained(writeChunks(guest, session, entries));
    long packets = entries.stream().filter(entry -> !entry.isReport).count();
    Instant joined = Instant.ofEpochMilli(STARTED_MILLIS + guest.joinedMillis());
    Instant left = joined.plusSeconds(guest.spec().seconds());
    endMillis = Math.max(endMillis, left.toEpochMilli());
    sessions.add(new Manifest.Session(guest.peer(), session, 1, joined, left, "left", Optional.empty(),
        List.of(describe(1, entries), describe(2, entries)), chunks, packets, chunks.getLast().chain()));
    return this;
  }

  /** Stores the manifest: the recording is finalized. */
  public TestRecording finalized() {
    objects.put(ChunkKey.newestManifest(app, room, RECORDING), ManifestJson.write(manifest(Optional.empty())));
    return this;
  }

  /** Stores the manifest, signed, and the copy of its first version. */
  public TestRecording finalized(KeyPair key) {
    byte[] json = ManifestJson.write(manifest(Optional.of(ManifestKey.keyId(key.getPublic()))));
    byte[] signed = ManifestSignature.sign(json, key.getPrivate());
    objects.put(ChunkKey.newestManifest(app, room, RECORDING), signed);
    objects.put(path() + "manifest.1.json", signed);
    return this;
  }

  private Manifest manifest(Optional<String> keyId) {
    return new Manifest(Manifest.FORMAT, 1, Optional.empty(), app, room, 7_000_000_000L, RECORDING,
        Instant.ofEpochMilli(STARTED_MILLIS), Instant.ofEpochMilli(endMillis), endMillis - STARTED_MILLIS,
        Verdict.COMPLETE, "stop", sessions, List.of(), List.of(), List.of(), keyId);
  }

  /** Writes all objects below a folder that stands for the bucket. */
  public void writeTo(Path bucket) throws IOException {
    for (Map.Entry<String, byte[]> object : objects.entrySet()) {
      Path file = bucket.resolve(object.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, object.getValue());
    }
  }

  private static Clip encode(SynthSpec spec) {
    try (FrameSource video = new SynthVideo(spec); FrameSource audio = new SynthAudio(spec)) {
      return new Clip(readAll(video), readAll(audio));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<EncodedFrame> readAll(FrameSource source) throws IOException {
    List<EncodedFrame> frames = new ArrayList<>();
    for (EncodedFrame frame = source.next(); frame != null; frame = source.next()) {
      frames.add(frame);
    }
    return frames;
  }

  private List<Entry> send(int track, Guest guest, List<EncodedFrame> frames, MediaCodec codec, int clockRate,
      long clockBase) {
    List<Entry> entries = new ArrayList<>();
    long joined = MONOTONIC_START + guest.joinedMillis() * MILLI;
    int timestampBase = random.nextInt();
    int sequence = random.nextInt(1 << 16);
    int frameNumber = 0;
    long nextReport = 0;
    for (EncodedFrame frame : frames) {
      long pts = frame.ptsNanos();
      int timestamp = timestampBase + (int) Math.round(pts / 1e9 * clockRate);
      List<byte[]> payloads = Packetizers.packetize(codec, frame.data(), frame.keyFrame(), frameNumber++, MAX_PAYLOAD);
      for (byte[] payload : payloads) {
        long arrival = joined + pts + 20 * MILLI + random.nextLong(30 * MILLI);
        entries.add(new Entry(arrival, track, false,
            rtp(codec, payload == payloads.getLast() && codec != MediaCodec.OPUS, sequence++, timestamp, track,
                payload)));
      }
      if (pts >= nextReport) {
        entries.add(new Entry(joined + pts + 25 * MILLI, track, true, report(clockBase + pts, timestamp, track)));
        nextReport = pts + SECOND;
      }
    }
    return entries;
  }

  private static byte[] rtp(MediaCodec codec, boolean marker, int sequence, int timestamp, int track, byte[] payload) {
    int type = codec == MediaCodec.OPUS ? AUDIO_PAYLOAD_TYPE : VIDEO_PAYLOAD_TYPE;
    return ByteBuffer.allocate(12 + payload.length).put((byte) 0x80).put((byte) ((marker ? 0x80 : 0) | type))
        .putShort((short) sequence).putInt(timestamp).putInt(1000 + track).put(payload).array();
  }

  private static byte[] report(long clockNanos, int timestamp, int track) {
    return ByteBuffer.allocate(28).put((byte) 0x80).put((byte) 200).putShort((short) 6).putInt(1000 + track)
        .putLong(NtpTime.fromUnixNanos(1_700_000_000L * SECOND + clockNanos)).putInt(timestamp).putInt(0)
            .putInt(0).array();
  }

  private List<Manifest.Chunk> writeChunks(Guest guest, long session, List<Entry> entries) {
    List<Manifest.Chunk> chunks = new ArrayList<>();
    int from = 0;
    for (int index = 0; from < entries.size(); index++) {
      long endNanos = entries.get(from).arrivalNanos + CHUNK_NANOS;
      int to = from;
      while (to < entries.size() && entries.get(to).arrivalNanos < endNanos) {
        to++;
      }
      chunks.add(writeChunk(guest, session, index, entries.subList(from, to)));
      from = to;
    }
    return chunks;
  }

  private Manifest.Chunk writeChunk(Guest guest, long session, int index, List<Entry> entries) {
    byte[] buffer = new byte[CHUNK_BYTES];
    ChunkWriter writer = new ChunkWriter();
    writer.attach(MemorySegment.ofArray(buffer), ByteBuffer.wrap(buffer));
    long first = entries.getFirst().arrivalNanos;
    writer.header(new ChunkHeader(RECORDING, session, index, 1, 7_000_000_000L, wallNanos(first), app, room,
        guest.peer(), ChunkEncryption.NONE));
    writer.clock(new ClockEntry(first, wallNanos(first)));
    writer.track(1, first, trackEntry("video", Codec.valueOf(guest.spec().codec().name()), VIDEO_PAYLOAD_TYPE, 1));
    writer.track(2, first, trackEntry("audio", Codec.OPUS, AUDIO_PAYLOAD_TYPE, 2));
    long packets = 0;
    for (Entry entry : entries) {
      MemorySegment packet = MemorySegment.ofArray(entry.packet);
      if (entry.isReport) {
        writer.senderReport(entry.track, entry.arrivalNanos, packet, 0, entry.packet.length);
      } else {
        writer.rtp(entry.track, 0, entry.arrivalNanos, packet, 0, entry.packet.length);
        packets++;
      }
    }
    int bytesBefore = writer.position();
    writer.end(entries.getLast().arrivalNanos, new EndEntry(packets, entries.size() + 3, bytesBefore,
        ByteString.copyFrom(sha256(buffer, bytesBefore))));
    byte[] chunk = Arrays.copyOf(buffer, writer.position());
    long fromMs = wallNanos(first) / MILLI;
    long toMs = wallNanos(entries.getLast().arrivalNanos) / MILLI;
    String key = new ChunkKey(app, room, RECORDING, guest.peer(), session, index, fromMs, toMs).toString();
    objects.put(key, chunk);
    return new Manifest.Chunk(index, key, fromMs, toMs, chunk.length, packets,
        HexFormat.of().formatHex(sha256(chunk, chunk.length)), Optional.empty());
  }

  /** The network lost nothing, so all that was sent was received. */
  private static Manifest.Track describe(int track, List<Entry> entries) {
    long packets = entries.stream().filter(entry -> entry.track == track && !entry.isReport).count();
    return new Manifest.Track(track, track == 1 ? "video" : "audio", Integer.toString(track - 1), "",
        track == 1 ? "video" : "audio", track == 1 ? "VP8" : "opus", track == 1 ? VIDEO_PAYLOAD_TYPE : AUDIO_PAYLOAD_TYPE,
        track == 1 ? 90_000 : 48_000, track == 1 ? 0 : 2, "", 1000 + track, 0, Map.of(),
        new Manifest.Reception(packets, packets, 0, 0, 0, 0, Optional.empty(), Optional.empty()), Optional.empty());
  }

  private static List<Manifest.Chunk> chained(List<Manifest.Chunk> chunks) {
    List<String> links = ChunkChain.links(chunks.stream().map(Manifest.Chunk::sha256).toList());
    List<Manifest.Chunk> chained = new ArrayList<>();
    for (int i = 0; i < links.size(); i++) {
      Manifest.Chunk chunk = chunks.get(i);
      chained.add(new Manifest.Chunk(chunk.index(), chunk.key(), chunk.fromMs(), chunk.toMs(), chunk.bytes(),
          chunk.packets(), chunk.sha256(), Optional.of(links.get(i))));
    }
    return chained;
  }

  private static TrackEntry trackEntry(String name, Codec codec, int payloadType, int track) {
    boolean isVideo = codec.kind() == MediaKind.VIDEO;
    return new TrackEntry(name, Integer.toString(track - 1), "", 1000 + track, 0, isVideo ? "video" : "audio",
        codec.sdpName(), payloadType, 0, codec.clockRate(), codec.channels(), "", Map.of(), "");
  }

  private static long wallNanos(long monotonicNanos) {
    return STARTED_MILLIS * MILLI + (monotonicNanos - MONOTONIC_START);
  }

  private static byte[] sha256(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
