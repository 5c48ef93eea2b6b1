package dev.tapedeck.composer.core.frame;

import static dev.tapedeck.composer.core.frame.Packetizers.bytes;
import static dev.tapedeck.composer.core.frame.Packetizers.join;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.protocol.fuzz.Mutator;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DepacketizerTest {
  private static final int MAX_PAYLOAD = 200;
  private static final int FRAMES = 300;
  private static final int KEY_EVERY = 30;

  @ParameterizedTest
  @EnumSource(MediaCodec.class)
  void givesBackEveryFrameOfAWholeStream(MediaCodec codec) {
    Sent sent = send(codec, 1);

    Received received = receive(codec, sent.packets);

    assertThat(received.frames).hasSize(FRAMES);
    for (int i = 0; i < FRAMES; i++) {
      assertThat(received.frames.get(i).data()).as("frame %d", i).isEqualTo(sent.frames.get(i));
      assertThat(received.frames.get(i).rtpTime()).isEqualTo(rtpTime(i));
    }
    assertThat(received.depacketizer.counts().droppedFrames()).isZero();
    assertThat(received.depacketizer.counts().malformedPackets()).isZero();
    if (codec.isVideo()) {
      Frame key = received.frames.getFirst();
      assertThat(List.of(key.width(), key.height())).containsExactly(SyntheticFrames.WIDTH, SyntheticFrames.HEIGHT);
      assertThat(received.frames).filteredOn(Frame::isKeyFrame).hasSize(FRAMES / KEY_EVERY);
    }
  }

  /** Whatever is lost: a frame that comes out is byte for byte one that went in, and decodable in its place. */
  @ParameterizedTest
  @EnumSource(MediaCodec.class)
  void handsOnNoFrameThatLossDamaged(MediaCodec codec) {
    for (long seed = 1; seed <= 40; seed++) {
      Sent sent = send(codec, seed);
      SplittableRandom random = new SplittableRandom(seed);
      double lossRate = random.nextDouble(0.1);
      List<Sendable> arrived = sent.packets.stream().filter(packet -> random.nextDouble() >= lossRate).toList();

      Received received = receive(codec, arrived);

      int last = -1;
      for (Frame frame : received.frames) {
        int number = sent.numberOf(frame.rtpTime());
        assertThat(frame.data()).as("seed %d, frame %d", seed, number).isEqualTo(sent.frames.get(number));
        boolean isDecodable = frame.isKeyFrame() || number == last + 1;
        assertThat(isDecodable).as("seed %d: frame %d after %d", seed, number, last).isTrue();
        last = number;
      }
      assertThat(received.frames).as("seed %d", seed).isNotEmpty();
    }
  }

  @Test
  void keepsWhatFollowsADamagedFrameWhenAskedTo() {
    Sent sent = send(MediaCodec.VP8, 3);
    List<Sendable> arrived = new ArrayList<>(sent.packets);
    arrived.removeIf(packet -> packet.rtpTime == rtpTime(40) && packet.marker);

    Received dropping = receive(MediaCodec.VP8, arrived);
    Received keeping = receive(Depacketizer.of(MediaCodec.VP8, "", LossPolicy.DROP_DAMAGED_ONLY), arrived);

    assertThat(keeping.frames).hasSize(FRAMES - 1);
    assertThat(dropping.frames).hasSize(FRAMES - 20);
    assertThat(dropping.depacketizer.counts()).isEqualTo(new FrameCounts(FRAMES - 20, 10, 1, 19, 0));
  }

  @ParameterizedTest
  @EnumSource(value = MediaCodec.class, names = {"VP8", "VP9"})
  void goesOnWhenOnlyPaddingWasLost(MediaCodec codec) {
    Sent sent = send(codec, 4);
    List<Sendable> shifted = new ArrayList<>();
    for (Sendable packet : sent.packets) {
      long shift = packet.rtpTime >= rtpTime(45) ? 7 : 0; // seven probes, never taped
      shifted.add(new Sendable(packet.sequence + shift, packet.rtpTime, packet.marker, packet.payload));
    }

    assertThat(receive(codec, shifted).frames).hasSize(FRAMES);
  }

  @Test
  void endsAFrameWithoutMarkerAtTheNextTimestamp() {
    Sent sent = send(MediaCodec.VP8, 5);
    List<Sendable> unmarked = sent.packets.stream()
        .map(packet -> new Sendable(packet.sequence, packet.rtpTime, false, packet.payload)).toList();

    assertThat(receive(MediaCodec.VP8, unmarked).frames).hasSize(FRAMES);
  }

  @Test
  void joinsTheSpatialLayersOfVp9IntoASuperframe() {
    byte[] base = join(SyntheticFrames.vp9KeyHeader(320, 180), bytes(1, 2, 3));
    byte[] middle = join(bytes(0x86), bytes(4, 5, 6, 7));
    byte[] top = join(bytes(0x86), new byte[500]);
    List<byte[]> payloads = Packetizers.vp9(List.of(base, middle, top), true, 9, MAX_PAYLOAD);
    List<Sendable> packets = new ArrayList<>();
    for (byte[] payload : payloads) {
      packets.add(new Sendable(packets.size(), 0, packets.size() == payloads.size() - 1, payload));
    }

    Frame frame = receive(MediaCodec.VP9, packets).frames.getFirst();

    assertThat(List.of(frame.width(), frame.height())).containsExactly(1280, 720);
    int marker = 0xC0 | 3 << 3 | 2;
    assertThat(frame.data()).isEqualTo(join(base, middle, top, bytes(marker, base.length, 0, 0, 0, middle.length, 0, 0,
        0,
        top.length & 0xFF, top.length >> 8, 0, 0, marker)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsTheNewSizeOfAVp9PictureThatIsNoKeyFrame(boolean isErrorResilient) {
    byte[] key = join(SyntheticFrames.vp9KeyHeader(320, 180), new byte[40]);
    byte[] same = join(bytes(0x86, 0x00, 0x40, 0x92, 0x80), new byte[40]); // the first reference has its size
    byte[] grown = join(SyntheticFrames.vp9ResizedHeader(640, 360, isErrorResilient), new byte[40]);
    List<Sendable> packets = new ArrayList<>();
    for (byte[] frame : List.of(key, same, grown)) {
      byte[] payload = Packetizers.vp9(List.of(frame), packets.isEmpty(), packets.size(), MAX_PAYLOAD).getFirst();
      packets.add(new Sendable(packets.size(), rtpTime(packets.size()), true, payload));
    }

    List<Frame> frames = receive(MediaCodec.VP9, packets).frames;

    assertThat(frames).extracting(Frame::isKeyFrame).containsExactly(true, false, false);
    assertThat(frames).extracting(Frame::width).containsExactly(320, 0, 640);
    assertThat(frames).extracting(Frame::height).containsExactly(180, 0, 360);
  }

  @Test
  void putsRememberedParameterSetsBeforeAnH264KeyFrame() {
    byte[] idr = join(SyntheticFrames.START_CODE, bytes(0x65, 0x88, 1, 2, 3));
    String fmtp = "packetization-mode=1;sprop-parameter-sets="
        + Base64.getEncoder().encodeToString(SyntheticFrames.SPS) + ","
        + Base64.getEncoder().encodeToString(SyntheticFrames.PPS);
    List<Sendable> packets = List.of(new Sendable(0, 0, true, bytes(0x65, 0x88, 1, 2, 3)));

    Frame frame = receive(Depacketizer.of(MediaCodec.H264, fmtp, LossPolicy.DROP_TO_KEY_FRAME),
        packets).frames.getFirst();

    byte[] sets = join(SyntheticFrames.START_CODE, SyntheticFrames.SPS, SyntheticFrames.START_CODE,
        SyntheticFrames.PPS);
    assertThat(frame.data()).isEqualTo(join(sets, idr));
    assertThat(frame.codecHeader()).isEqualTo(sets);
    assertThat(List.of(frame.width(), frame.height())).containsExactly(640, 360);
  }

  @Test
  void dropsTemporalDelimitersOfAv1() {
    byte[] key = SyntheticFrames.frame(MediaCodec.AV1, true, 50, new SplittableRandom(7));
    byte[] withDelimiter = join(SyntheticFrames.obu(2, bytes()), key);
    List<Sendable> packets = new ArrayList<>();
    List<byte[]> payloads = Packetizers.av1(withDelimiter, true, MAX_PAYLOAD);
    payloads.forEach(payload -> packets.add(new Sendable(packets.size(), 0, packets.size() == payloads.size() - 1,
        payload)));

    Frame frame = receive(MediaCodec.AV1, packets).frames.getFirst();

    assertThat(frame.data()).isEqualTo(key);
    assertThat(frame.codecHeader()).isEqualTo(SyntheticFrames.obu(1, SyntheticFrames.av1SequenceHeader(640, 360)));
  }

  /** One input is a run of packets: length, marker and gap in front of each payload. */
  @ParameterizedTest
  @EnumSource(MediaCodec.class)
  void survivesGarbage(MediaCodec codec) {
    List<byte[]> corpus = new ArrayList<>();
    for (long seed = 1; corpus.size() < 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] run = {};
      for (int i = 0; i < 4; i++) {
        byte[] frame = SyntheticFrames.frame(codec, i % 2 == 0, random.nextInt(1, 400), random);
        List<byte[]> payloads = Packetizers.packetize(codec, frame, i % 2 == 0, i, 120);
        for (byte[] payload : payloads) {
          boolean marker = payload == payloads.getLast();
          run = join(run, bytes(payload.length >> 8, payload.length, marker ? 1 : 0, i, 0), payload);
        }
      }
      corpus.add(run);
    }

    Mutator.run("depacketizer " + codec, 20260101L + codec.ordinal(), corpus, 100_000, input -> feed(codec, input));
  }

  private static void feed(MediaCodec codec, byte[] input) {
    Depacketizer depacketizer = Depacketizer.of(codec, "", LossPolicy.DROP_TO_KEY_FRAME);
    MemorySegment memory = MemorySegment.ofArray(input);
    List<Frame> frames = new ArrayList<>();
    int position = 0;
    for (int index = 0; position + 5 <= input.length; index++) {
      int length = (input[position] & 0xFF) << 8 | input[position + 1] & 0xFF;
      int from = position + 5;
      int fits = Math.min(length, input.length - from);
      depacketizer.packet(index, input[position + 4] & 0xFF, input[position + 3], (input[position + 2] & 1) != 0,
          memory,
          from, fits, frames::add);
      position = from + fits;
    }
    depacketizer.end(frames::add);
    boolean needsKey = true;
    for (Frame frame : frames) {
      assertThat(!needsKey || frame.isKeyFrame()).isTrue();
      assertThat(frame.data()).isNotEmpty();
      assertThat(!codec.isVideo() || !frame.isKeyFrame() || frame.width() > 0 && frame.height() > 0).isTrue();
      needsKey = false;
    }
    assertThat(depacketizer.counts().frames()).isEqualTo(frames.size());
  }

  private record Sendable(long sequence, long rtpTime, boolean marker, byte[] payload) {}

  private record Sent(List<byte[]> frames, List<Sendable> packets) {
    int numberOf(long rtpTime) {
      return (int) (rtpTime / 3000);
    }
  }

  private record Received(Depacketizer depacketizer, List<Frame> frames) {}

  private static long rtpTime(int frame) {
    return frame * 3000L;
  }

  private static Sent send(MediaCodec codec, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> frames = new ArrayList<>();
    List<Sendable> packets = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      boolean isKey = i % KEY_EVERY == 0;
      byte[] frame = SyntheticFrames.frame(codec, isKey, random.nextInt(1, 1200), random);
      frames.add(frame);
      List<byte[]> payloads = Packetizers.packetize(codec, frame, isKey, i, MAX_PAYLOAD);
      for (byte[] payload : payloads) {
        packets.add(new Sendable(packets.size(), rtpTime(i), payload == payloads.getLast(), payload));
      }
    }
    return new Sent(frames, packets);
  }

  private static Received receive(MediaCodec codec, List<Sendable> packets) {
    return receive(Depacketizer.of(codec, "", LossPolicy.DROP_TO_KEY_FRAME), packets);
  }

  private static Received receive(Depacketizer depacketizer, List<Sendable> packets) {
    List<Frame> frames = new ArrayList<>();
    long expected = packets.isEmpty() ? 0 : packets.getFirst().sequence;
    for (int i = 0; i < packets.size(); i++) {
      Sendable packet = packets.get(i);
      depacketizer.packet(i, packet.sequence - expected, packet.rtpTime, packet.marker,
          MemorySegment.ofArray(packet.payload), 0, packet.payload.length, frames::add);
      expected = packet.sequence + 1;
    }
    depacketizer.end(frames::add);
    return new Received(depacketizer, frames);
  }
}
