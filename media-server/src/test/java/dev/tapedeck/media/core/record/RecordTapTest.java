package dev.tapedeck.media.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.chunk.ChunkEntry;
import dev.tapedeck.protocol.chunk.ChunkReader;
import dev.tapedeck.protocol.chunk.ChunkSamples;
import dev.tapedeck.protocol.chunk.ChunkState;
import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.SenderReports;
import dev.tapedeck.protocol.wire.TapeClosed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordTapTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;
  private static final long EPOCH = 1_795_000_000L * SECOND;
  private static final TapeIdentity IDENTITY = new TapeIdentity("app", "room", 5L << 32, 6L << 32, "anna", 7L << 32, 3);
  private static final RecordLimits LIMITS = new RecordLimits(16 << 10, 250 * MILLI, 64 << 10, 10 * SECOND);

  private final CollectingSink sink = new CollectingSink(LIMITS.slabBytes());
  private final RecordTap tap = new RecordTap(IDENTITY, LIMITS, sink, nanos -> EPOCH + nanos, 0);

  @Test
  void saysNothingBeforeTheFirstPacket() {
    tap.addTrack(0, ChunkSamples.video());
    tap.roomEvent(MILLI, "{}".getBytes(StandardCharsets.UTF_8));
    tap.close(2 * MILLI, TapeEnd.LEFT);
    assertThat(sink.chunks).isEmpty();
    assertThat(sink.messages).isEmpty();
    assertThat(tap.nextTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void everyChunkStartsWithClockAndTracks() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    tap.addTrack(0, ChunkSamples.audio());
    send(video, 1, SECOND);
    tap.handleTimeout(12 * SECOND);
    send(video, 2, 13 * SECOND);
    tap.close(14 * SECOND, TapeEnd.LEFT);
    assertThat(sink.chunks).hasSize(2);
    for (int index = 0; index < 2; index++) {
      ChunkReader reader = ChunkReader.of(sink.chunk(index));
      assertThat(reader.header().orElseThrow().index()).isEqualTo(index);
      assertThat(reader.header().orElseThrow().peer()).isEqualTo("anna");
      assertThat(kinds(reader)).startsWith(EntryKind.CLOCK, EntryKind.TRACK, EntryKind.TRACK, EntryKind.RTP);
    }
  }

  @Test
  void keepsEveryPacketAsItCame() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    List<byte[]> sent = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      sent.add(send(video, i, i * MILLI));
    }
    tap.close(SECOND, TapeEnd.LEFT);
    assertThat(packets()).usingElementComparator(Arrays::compare).containsExactlyElementsOf(sent);
    assertThat(sink.slabBytes).allMatch(bytes -> bytes <= LIMITS.slabBytes());
    assertThat(sink.chunks.values()).allMatch(chunk -> chunk.size() <= LIMITS.chunkBytes());
    assertThat(sink.chunks.size()).isGreaterThan(1);
    assertThat(closed().getPackets()).isEqualTo(400);
    assertThat(closed().getChunks()).isEqualTo(sink.chunks.size());
  }

  @Test
  void aChunksEndTellsWhatTheChunksHold() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    for (int i = 0; i < 400; i++) {
      send(video, i, i * MILLI);
    }
    tap.close(SECOND, TapeEnd.LEFT);
    long packets = 0;
    for (TapeMessage message : sink.messages) {
      if (message instanceof TapeMessage.ChunkEnded ended) {
        packets += kinds(ChunkReader.of(sink.chunk(ended.chunk()))).stream().filter(EntryKind.RTP::equals).count();
        assertThat(ended.soFar().getPackets()).isEqualTo(packets);
        assertThat(ended.soFar().getTracks(0).getReception().getReceived()).isEqualTo(packets);
        assertThat(ended.soFar().getChunks()).isEqualTo(ended.chunk() + 1);
      }
    }
    assertThat(packets).isEqualTo(400);
  }

  /** S4-7: whichever limit is met first ends a chunk. 600 packets of 1,000 bytes, one each 10 ms. */
  @Test
  void aChunkEndsBySizeOrByAge() throws IOException {
    RecordLimits bySize = new RecordLimits(16 << 10, 250 * MILLI, 64 << 10, 3600 * SECOND);
    RecordLimits byAge = new RecordLimits(16 << 10, 250 * MILLI, 1 << 30, SECOND);

    assertThat(chunksOf(bySize)).as("64 KiB hold 63 packets").isEqualTo(10);
    assertThat(chunksOf(byAge)).as("6 s").isEqualTo(6);
    assertThat(chunksOf(new RecordLimits(16 << 10, 250 * MILLI, 64 << 10, 300 * MILLI))).as("age first").isEqualTo(20);
  }

  private static int chunksOf(RecordLimits limits) throws IOException {
    CollectingSink sink = new CollectingSink(limits.slabBytes());
    RecordTap tap = new RecordTap(IDENTITY, limits, sink, nanos -> EPOCH + nanos, 0);
    int video = tap.addTrack(0, ChunkSamples.video());
    for (int i = 0; i < 600; i++) {
      byte[] packet = ChunkSamples.packet(96, i, i * 900L, 0xDEADBEEFL, 988);
      tap.handleTimeout(i * 10 * MILLI);
      tap.rtp(video, i * 10 * MILLI, MemorySegment.ofArray(packet), 0, packet.length, false, false);
    }
    tap.close(6 * SECOND, TapeEnd.LEFT);
    int packets = 0;
    for (int index : sink.chunks.keySet()) {
      byte[] chunk = sink.chunk(index);
      assertThat(chunk.length).isLessThanOrEqualTo(limits.chunkBytes());
      ChunkReader reader = ChunkReader.of(chunk);
      while (reader.next()) {
        packets += reader.entry().kind() == EntryKind.RTP ? 1 : 0;
      }
    }
    assertThat(packets).isEqualTo(600);
    return sink.chunks.size();
  }

  @Test
  void handsOverByAge() {
    int video = tap.addTrack(0, ChunkSamples.video());
    send(video, 1, SECOND);
    assertThat(tap.nextTimeoutNanos()).isEqualTo(SECOND + 250 * MILLI);
    tap.handleTimeout(SECOND + 249 * MILLI);
    assertThat(sink.slabBytes).isEmpty();
    tap.handleTimeout(SECOND + 250 * MILLI);
    assertThat(sink.slabBytes).hasSize(1);
    assertThat(tap.nextTimeoutNanos()).isEqualTo(11 * SECOND);
    tap.handleTimeout(11 * SECOND);
    assertThat(sink.messages).singleElement().isInstanceOf(TapeMessage.ChunkEnded.class);
    assertThat(tap.nextTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void marksRepairedPacketsAndKeyFrames() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    byte[] packet = ChunkSamples.packet(96, 9, 0, 1, 100);
    tap.rtp(video, 0, MemorySegment.ofArray(packet), 0, packet.length, true, true);
    tap.close(MILLI, TapeEnd.LEFT);
    ChunkReader reader = ChunkReader.of(sink.chunk(0));
    while (reader.next() && reader.entry().kind() != EntryKind.RTP) {}
    assertThat(reader.entry().isRepaired()).isTrue();
    assertThat(reader.entry().startsKeyFrame()).isTrue();
  }

  @Test
  void leavesOutDuplicates() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    send(video, 1, 0);
    send(video, 1, MILLI);
    tap.close(SECOND, TapeEnd.LEFT);
    assertThat(packets()).hasSize(1);
    assertThat(tap.duplicatePackets()).isEqualTo(1);
  }

  @Test
  void withoutSlabsTheLossHasAName() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    send(video, 0, 0);
    tap.handleTimeout(250 * MILLI);
    sink.hasSlabs = false;
    for (int i = 1; i <= 5; i++) {
      send(video, i, 300 * MILLI + i * MILLI);
    }
    sink.hasSlabs = true;
    send(video, 6, 400 * MILLI);
    tap.close(SECOND, TapeEnd.LEFT);

    assertThat(packets()).hasSize(2);
    assertThat(tap.missedPackets()).isEqualTo(5);
    GapEntry gap = gaps().getFirst();
    assertThat(gap).isEqualTo(
        new GapEntry(0, (EPOCH + 301 * MILLI) / MILLI, (EPOCH + 305 * MILLI) / MILLI, GapEntry.QUEUE, 5));
    assertThat(closed().getGapsList()).singleElement().extracting(Gap::getPackets).isEqualTo(5L);
    assertThat(closed().getPackets()).isEqualTo(2);
    assertThat(closed().getTracks(0).getReception().getReceived()).isEqualTo(7);
  }

  @Test
  void lossAtTheEndIsToldByTheClose() {
    int video = tap.addTrack(0, ChunkSamples.video());
    sink.hasSlabs = false;
    send(video, 0, 0);
    send(video, 1, MILLI);
    tap.close(SECOND, TapeEnd.LEFT);
    assertThat(sink.chunks).isEmpty();
    assertThat(closed().getGapsList()).singleElement().extracting(Gap::getPackets, Gap::getCause)
        .containsExactly(2L, "queue");
    assertThat(closed().getChunks()).isZero();
  }

  @Test
  void describesTracksThatComeOrChangeLater() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    send(video, 0, 0);
    int audio = tap.addTrack(MILLI, ChunkSamples.audio());
    TrackEntry renamed = new TrackEntry("screen", "0", "", 0xDEADBEEFL, 0, "video", "VP9", 98, 0, 90_000, 0, "",
        Map.of(), "");
    tap.updateTrack(2 * MILLI, video, renamed);
    tap.updateTrack(3 * MILLI, video, renamed);
    tap.close(SECOND, TapeEnd.LEFT);
    ChunkReader reader = ChunkReader.of(sink.chunk(0));
    List<TrackEntry> described = new ArrayList<>();
    while (reader.next()) {
      reader.entry().asTrack().ifPresent(described::add);
    }
    assertThat(audio).isEqualTo(2);
    assertThat(described).containsExactly(ChunkSamples.video(), ChunkSamples.audio(), renamed);
    assertThat(closed().getTracksList()).extracting(track -> track.getCodec()).containsExactly("VP9", "opus");
  }

  @Test
  void everyTrackIsDescribedEvenWhenSlabsRunOutHalfWay() throws IOException {
    for (int i = 0; i < 100; i++) {
      tap.addTrack(0, new TrackEntry("t" + i, "0", "", i, 0, "video", "VP8", 96, 0, 90_000, 0, "x".repeat(600),
          Map.of(), ""));
    }
    CountingSink counting = new CountingSink(sink, 2);
    RecordTap starved = new RecordTap(IDENTITY, LIMITS, counting, nanos -> EPOCH + nanos, 0);
    for (int i = 0; i < 100; i++) {
      starved.addTrack(0, new TrackEntry("t" + i, "0", "", i, 0, "video", "VP8", 96, 0, 90_000, 0, "x".repeat(600),
          Map.of(), ""));
    }
    byte[] packet = ChunkSamples.packet(96, 1, 0, 1, 100);
    starved.rtp(100, 0, MemorySegment.ofArray(packet), 0, packet.length, false, false);
    counting.left = 100;
    byte[] second = ChunkSamples.packet(96, 2, 0, 1, 100);
    starved.rtp(100, MILLI, MemorySegment.ofArray(second), 0, second.length, false, false);
    starved.close(SECOND, TapeEnd.LEFT);
    ChunkReader reader = ChunkReader.of(sink.chunk(0));
    int described = 0;
    while (reader.next() && reader.entry().kind() != EntryKind.RTP) {
      described += reader.entry().kind() == EntryKind.TRACK ? 1 : 0;
    }
    assertThat(described).isEqualTo(100);
    assertThat(starved.missedPackets()).isEqualTo(1);
  }

  @Test
  void hugeDescriptionsLoseTheirTextNotTheirPackets() throws IOException {
    int track = tap.addTrack(0, new TrackEntry("n", "0", "", 1, 0, "video", "VP8", 96, 0, 90_000, 0, "x".repeat(60_000),
        Map.of(), ""));
    send(track, 1, 0);
    tap.close(SECOND, TapeEnd.LEFT);
    assertThat(packets()).hasSize(1);
  }

  @Test
  void eventsWaitForTheFirstPacket() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    tap.roomEvent(0, "{\"n\":1}".getBytes(StandardCharsets.UTF_8));
    send(video, 0, SECOND);
    tap.roomEvent(SECOND, "{\"n\":2}".getBytes(StandardCharsets.UTF_8));
    tap.close(2 * SECOND, TapeEnd.LEFT);
    ChunkReader reader = ChunkReader.of(sink.chunk(0));
    List<String> events = new ArrayList<>();
    while (reader.next()) {
      if (reader.entry().kind() == EntryKind.ROOM_EVENT) {
        events.add(new String(reader.entry().payload()));
      }
    }
    assertThat(events).containsExactly("{\"n\":1}", "{\"n\":2}");
  }

  @Test
  void pairsTheClocksAgainEveryFiveSeconds() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    for (int i = 0; i < 300; i++) {
      send(video, i, i * 50 * MILLI);
      tap.handleTimeout(i * 50 * MILLI);
    }
    tap.close(15 * SECOND, TapeEnd.LEFT);
    int clocks = 0;
    for (int index : sink.chunks.keySet()) {
      clocks += (int) kinds(ChunkReader.of(sink.chunk(index))).stream().filter(EntryKind.CLOCK::equals).count();
    }
    assertThat(clocks).isBetween(3, 3 + sink.chunks.size());
  }

  @Test
  void vanishedClientLeavesAnUnknownTail() {
    int video = tap.addTrack(0, ChunkSamples.video());
    send(video, 0, 5 * SECOND);
    tap.close(30 * SECOND, TapeEnd.TIMED_OUT);
    assertThat(closed().getTailUnknownSinceMs()).isEqualTo((EPOCH + 5 * SECOND) / MILLI);
    assertThat(closed().getEnd()).isEqualTo(TapeClosed.End.TIMED_OUT);
  }

  @Test
  void tapesNothingAfterTheClose() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    send(video, 0, 0);
    tap.close(SECOND, TapeEnd.STOPPED);
    send(video, 1, 2 * SECOND);
    tap.close(3 * SECOND, TapeEnd.LEFT);
    assertThat(packets()).hasSize(1);
    assertThat(tap.refusedPackets()).isEqualTo(1);
    assertThat(closed().getEnd()).isEqualTo(TapeClosed.End.STOPPED);
  }

  /** L14, F s: a row of any size is taped or named, and never ends the media loop. */
  @Test
  void aPacketOfAnySizeIsTapedOrNamed() throws IOException {
    int video = tap.addTrack(0, ChunkSamples.video());
    int taped = 0;
    int number = 0;
    for (int bytes : new int[] {0, 1, 11, 12, 1_496, 1_500, 1_501, 9_000, 16_000, 16 << 10, 65_535, 12}) {
      byte[] packet = new byte[bytes];
      if (bytes >= 12) {
        packet = ChunkSamples.packet(96, number++, 0, 1, bytes - 12);
        taped += bytes < 16_000 ? 1 : 0;
      }
      tap.rtp(video, number * MILLI, MemorySegment.ofArray(packet), 0, packet.length, false, false);
    }
    tap.close(SECOND, TapeEnd.LEFT);
    assertThat(packets()).hasSizeGreaterThanOrEqualTo(taped);
    assertThat(tap.tapedPackets() + tap.missedPackets()).isEqualTo(number);
    assertThat(closed().getGapsList().stream().mapToLong(Gap::getPackets).sum()).isEqualTo(tap.missedPackets());
    assertThat(closed().getTracks(0).getReception().getDroppedQueue()).isEqualTo(tap.missedPackets()).isPositive();
    assertThat(tap.refusedPackets()).isEqualTo(3);
  }

  /** L14: names and descriptions are as long as clients like. */
  @Test
  void metadataOfAnySizeNeverStopsTheTape() throws IOException {
    int track = tap.addTrack(0, new TrackEntry("n".repeat(100_000), "m".repeat(100_000), "r".repeat(100_000), 1, 0,
        "video", "VP8", 96, 0, 90_000, 0, "", Map.of("1", "u".repeat(100_000)), "l".repeat(100_000)));
    tap.roomEvent(0, new byte[RecordTap.MAX_JSON_BYTES + 1]);
    for (int i = 0; i < 2 * RecordTap.MAX_WAITING_EVENTS; i++) {
      tap.roomEvent(0, "{}".getBytes(StandardCharsets.UTF_8));
    }
    send(track, 1, 0);
    tap.close(SECOND, TapeEnd.LEFT);
    assertThat(packets()).hasSize(1);
    assertThat(tap.refusedEvents()).isEqualTo(1 + RecordTap.MAX_WAITING_EVENTS);
  }

  /** L20: a time that lies before the one before it is no reason to hand over early, and time never goes back. */
  @Test
  void lateTimestampsNeverUnderflow() throws IOException {
    int video = tap.addTrack(10 * SECOND, ChunkSamples.video());
    send(video, 1, 10 * SECOND);
    send(video, 2, 9 * SECOND);
    tap.roomEvent(8 * SECOND, "{}".getBytes(StandardCharsets.UTF_8));
    send(video, 3, -SECOND);
    tap.handleTimeout(9 * SECOND);
    assertThat(sink.slabBytes).as("nothing is old enough").isEmpty();
    sink.hasSlabs = true;
    tap.close(5 * SECOND, TapeEnd.LEFT);
    ChunkReader reader = ChunkReader.of(sink.chunk(0));
    List<Long> arrivals = new ArrayList<>();
    while (reader.next()) {
      arrivals.add(reader.entry().arrivalNanos());
    }
    assertThat(arrivals).hasSizeGreaterThanOrEqualTo(6).allMatch(nanos -> nanos == 10 * SECOND);
    assertThat(closed().getEndedMs()).isEqualTo(closed().getStartedMs());
  }

  /** L15: the sender's own words are on the tape, and the first and last of them beside it. */
  @Test
  void tellsTheFirstAndLastSenderReport() {
    int video = tap.addTrack(0, ChunkSamples.video());
    send(video, 1, 0);
    for (int i = 1; i <= 3; i++) {
      byte[] report = ByteBuffer.allocate(28).putInt(0x80C80006).putInt(1).putLong(-100L + i).putInt(-200 + i)
          .putInt(-300 + i).putInt(-400 + i).array();
      tap.senderReport(video, i * SECOND, MemorySegment.ofArray(report), 0, report.length);
    }
    tap.close(4 * SECOND, TapeEnd.LEFT);
    assertThat(closed().getTracks(0).getSenderReports()).isEqualTo(SenderReports.newBuilder().setReports(3)
        .setFirstNtp(-99).setFirstRtp(-199).setLastNtp(-97).setLastRtp(-197).setLastPackets(-297).setLastOctets(-397)
        .build());
  }

  /** L14: what the client wrote into its offer is told to the connector too, and must not grow without bound there. */
  @Test
  void tellsADescriptionThatIsTooLongAsItStandsOnTheTape() {
    TrackEntry video = ChunkSamples.video();
    int track = tap.addTrack(0, new TrackEntry(video.name(), video.mid(), video.rid(), video.ssrc(), video.rtxSsrc(),
        video.kind(), video.codec(), video.payloadType(), video.rtxPayloadType(), video.clockRate(), video.channels(),
        "x".repeat(60_000), video.extensions(), video.label()));
    send(track, 1, 0);
    tap.close(SECOND, TapeEnd.LEFT);

    assertThat(closed().getSerializedSize()).isLessThan(2 * RecordTap.MAX_JSON_BYTES);
    assertThat(closed().getTracks(0).getCodec()).isEqualTo(video.codec());
    assertThat(closed().getTracks(0).getFmtp()).isEmpty();
  }

  @Test
  void moreGapsThanAreToldOneByOneWidenTheLastOfTheirKind() {
    int video = tap.addTrack(0, ChunkSamples.video());
    int spans = RecordTap.MAX_GAPS + 50;
    for (int i = 0; i < spans; i++) {
      byte[] packet = ChunkSamples.packet(96, 2 * i & 0xFFFF, 0, 1, 10);
      tap.omit(TapeOmission.SHED, video, i * MILLI, MemorySegment.ofArray(packet), 0, packet.length, false);
      send(video, 2 * i + 1, i * MILLI);
    }
    tap.close(spans * MILLI, TapeEnd.LEFT);
    assertThat(closed().getGapsList()).hasSize(RecordTap.MAX_GAPS);
    assertThat(closed().getGapsList().stream().mapToLong(Gap::getPackets).sum()).isEqualTo(spans);
    assertThat(closed().getGapsList().getLast().getPackets()).isEqualTo(51);
  }

  private byte[] send(int track, int sequenceNumber, long nowNanos) {
    byte[] packet = ChunkSamples.packet(
        96, sequenceNumber & 0xFFFF, nowNanos / 11_111, 0xDEADBEEFL, 100 + sequenceNumber % 900);
    tap.rtp(track, nowNanos, MemorySegment.ofArray(packet), 0, packet.length, false, false);
    return packet;
  }

  private TapeClosed closed() {
    return sink.messages.stream().filter(TapeMessage.TapeEnded.class::isInstance).map(TapeMessage.TapeEnded.class::cast)
        .reduce((first, second) -> {
          throw new AssertionError("closed twice");
        }).orElseThrow().closed();
  }

  private List<byte[]> packets() throws IOException {
    List<byte[]> packets = new ArrayList<>();
    for (int index : sink.chunks.keySet()) {
      ChunkReader reader = ChunkReader.of(sink.chunk(index));
      while (reader.next()) {
        if (reader.entry().kind() == EntryKind.RTP) {
          packets.add(reader.entry().payload());
        }
      }
      assertThat(reader.state()).isEqualTo(ChunkState.UNSEALED);
    }
    return packets;
  }

  private List<GapEntry> gaps() throws IOException {
    List<GapEntry> gaps = new ArrayList<>();
    for (int index : sink.chunks.keySet()) {
      ChunkReader reader = ChunkReader.of(sink.chunk(index));
      while (reader.next()) {
        reader.entry().asGap().ifPresent(gaps::add);
      }
    }
    return gaps;
  }

  private static List<EntryKind> kinds(ChunkReader reader) throws IOException {
    List<EntryKind> kinds = new ArrayList<>();
    while (reader.next()) {
      ChunkEntry entry = reader.entry();
      kinds.add(entry.kind());
    }
    return kinds;
  }

  /** Gives only so many slabs. */
  private static final class CountingSink implements SlabSink {
    private final SlabSink sink;
    int left;

    CountingSink(SlabSink sink, int left) {
      this.sink = sink;
      this.left = left;
    }

    @Override
    public Slab take() {
      return left-- > 0 ? sink.take() : null;
    }

    @Override
    public void offer(TapeMessage message) {
      sink.offer(message);
    }
  }
}
