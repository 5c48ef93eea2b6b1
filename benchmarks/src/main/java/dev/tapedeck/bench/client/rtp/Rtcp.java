package dev.tapedeck.bench.client.rtp;

/** Packet types and feedback formats of RTCP. */
final class Rtcp {
  static final int SENDER_REPORT = 200;
  static final int RECEIVER_REPORT = 201;
  static final int SOURCE_DESCRIPTION = 202;
  static final int GOODBYE = 203;
  static final int TRANSPORT_FEEDBACK = 205;
  static final int PAYLOAD_FEEDBACK = 206;

  static final int FORMAT_NACK = 1;
  static final int FORMAT_TRANSPORT_CC = 15;
  static final int FORMAT_PLI = 1;
  static final int FORMAT_FIR = 4;
  static final int FORMAT_REMB = 15;

  private Rtcp() {}

  /** True if a packet of the range 128..191 is RTCP and not RTP (RFC 5761 §4). */
  static boolean isRtcp(byte[] packet, int length) {
    int type = length < 2 ? 0 : packet[1] & 0xff;
    return type >= 192 && type <= 223;
  }
}
