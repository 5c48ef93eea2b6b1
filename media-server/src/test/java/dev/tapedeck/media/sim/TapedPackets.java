package dev.tapedeck.media.sim;

import dev.tapedeck.protocol.chunk.EntryKind;
import dev.tapedeck.protocol.chunk.GapEntry;
import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.chunk.TrackEntry;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.wire.Gap;
import dev.tapedeck.protocol.wire.TapeClosed;
import dev.tapedeck.protocol.wire.TapeTrack;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What stands on the tape of one session. */
record TapedPackets(List<SimEntry> entries, TapeClosed closed) {
  /** One RTP packet as it was taped. */
  record Packet(int track, int ssrc, int sequenceNumber, long arrivalNanos, boolean startsKeyFrame, SimFrame frame) {}

  static TapedPackets of(SimPublisher publisher) {
    SimTapes tapes = publisher.server.tapes;
    return new TapedPackets(tapes.entries(publisher.spec.id()), tapes.closed(publisher.spec.id()));
  }

  List<Packet> packets() {
    return entries.stream().filter(entry -> entry.kind() == EntryKind.RTP).map(TapedPackets::packet).toList();
  }

  /** Packets of a simulcast layer, or of audio for the track of that name. */
  List<Packet> packets(String track, String rid) {
    List<Integer> numbers = closed.getTracksList().stream()
        .filter(candidate -> candidate.getName().equals(track) && candidate.getRid().equals(rid))
        .map(TapeTrack::getNumber).toList();
    return packets().stream().filter(packet -> numbers.contains(packet.track())).toList();
  }

  TapeTrack track(String name, String rid) {
    return closed.getTracksList().stream()
        .filter(track -> track.getName().equals(name) && track.getRid().equals(rid)).findFirst().orElseThrow();
  }

  List<RoomEventEntry> events() {
    return entries.stream().filter(entry -> entry.kind() == EntryKind.ROOM_EVENT)
        .map(SimEntry::asRoomEvent).toList();
  }

  List<GapEntry> gapEntries() {
    return entries.stream().flatMap(entry -> entry.asGap().stream()).toList();
  }

  List<Gap> gaps() {
    return closed.getGapsList();
  }

  /** The descriptions by track number. */
  Map<Integer, TrackEntry> descriptions() {
    Map<Integer, TrackEntry> descriptions = new TreeMap<>();
    entries.forEach(entry -> entry.asTrack().ifPresent(track -> descriptions.put(entry.track(), track)));
    return descriptions;
  }

  private static Packet packet(SimEntry entry) {
    MemorySegment bytes = MemorySegment.ofArray(entry.payload());
    return new Packet(entry.track(), Bytes.i32(bytes, 8), Bytes.u16(bytes, 2), entry.arrivalNanos(),
        entry.startsKeyFrame(), SimFrame.read(bytes, 12, (int) bytes.byteSize() - 12));
  }
}
