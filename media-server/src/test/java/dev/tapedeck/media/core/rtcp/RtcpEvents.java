package dev.tapedeck.media.core.rtcp;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Writes down what the reader tells, a line each. */
final class RtcpEvents implements RtcpVisitor {
  final List<String> lines = new ArrayList<>();

  /** What the reader tells of these bytes, and whether it took them for well-formed as the last line. */
  static List<String> read(String hex) {
    return read(MemorySegment.ofArray(HexFormat.of().parseHex(hex)));
  }

  static List<String> read(MemorySegment packet) {
    RtcpEvents events = new RtcpEvents();
    boolean isWellFormed = RtcpReader.read(packet, 0, (int) packet.byteSize(), events);
    events.lines.add(isWellFormed ? "well-formed" : "malformed");
    return events.lines;
  }

  @Override
  public void senderReport(
      int ssrc, long ntp, int rtpTimestamp, long packets, long octets, long offset, int length) {
    lines.add("SR %x ntp %016x rtp %x packets %d octets %d at %d+%d".formatted(
        ssrc, ntp, rtpTimestamp, packets, octets, offset, length));
  }

  @Override
  public void reportBlock(int reporterSsrc, int ssrc, int fractionLost, int lostPackets, long highestSequence,
      long jitter, int lastSenderReport, int delay) {
    lines.add("block %x of %x fraction %d lost %d highest %x jitter %d lsr %x dlsr %x".formatted(
        reporterSsrc, ssrc, fractionLost, lostPackets, highestSequence, jitter, lastSenderReport, delay));
  }

  @Override
  public void bye(int ssrc) {
    lines.add("BYE %x".formatted(ssrc));
  }

  @Override
  public void nack(int senderSsrc, int mediaSsrc, int sequenceNumber) {
    lines.add("NACK %x %x %d".formatted(senderSsrc, mediaSsrc, sequenceNumber));
  }

  @Override
  public void pictureLoss(int senderSsrc, int mediaSsrc) {
    lines.add("PLI %x %x".formatted(senderSsrc, mediaSsrc));
  }

  @Override
  public void fullIntraRequest(int senderSsrc, int mediaSsrc, int commandSequence) {
    lines.add("FIR %x %x %d".formatted(senderSsrc, mediaSsrc, commandSequence));
  }

  @Override
  public void maximumBitrate(int senderSsrc, long bitsPerSecond, int streams) {
    lines.add("REMB %x %d for %d".formatted(senderSsrc, bitsPerSecond, streams));
  }

  @Override
  public void maximumBitrateStream(int ssrc) {
    lines.add("stream %x".formatted(ssrc));
  }

  @Override
  public void transportFeedback(
      int senderSsrc, int mediaSsrc, int baseSequence, int statuses, int feedbackCount) {
    lines.add("TWCC %x %x base %d statuses %d number %d".formatted(
        senderSsrc, mediaSsrc, baseSequence, statuses, feedbackCount));
  }

  @Override
  public void transportArrival(int transportSequence, long arrivalNanos) {
    lines.add(transportSequence + " at " + arrivalNanos);
  }

  @Override
  public void transportLoss(int transportSequence) {
    lines.add(transportSequence + " lost");
  }
}
