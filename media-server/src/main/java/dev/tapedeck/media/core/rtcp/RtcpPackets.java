package dev.tapedeck.media.core.rtcp;

/** Numbers that reader and writer of RTCP share. */
final class RtcpPackets {
  /** Packet types (RFC 3550 §12.1, RFC 4585 §6.1). */
  static final int SENDER_REPORT = 200;
  static final int RECEIVER_REPORT = 201;
  static final int SOURCE_DESCRIPTION = 202;
  static final int BYE = 203;
  static final int TRANSPORT_FEEDBACK = 205;
  static final int PAYLOAD_FEEDBACK = 206;

  /** Formats of transport feedback: RFC 4585 §6.2.1, draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1. */
  static final int NACK = 1;
  static final int TRANSPORT_CC = 15;

  /** Formats of payload feedback: RFC 4585 §6.3.1, RFC 5104 §4.3.1, draft-alvestrand-rmcat-remb-03 §2.2. */
  static final int PLI = 1;
  static final int FIR = 4;
  static final int APPLICATION = 15;

  /** "REMB" (draft-alvestrand-rmcat-remb-03 §2.2). */
  static final int REMB_IDENTIFIER = 0x52454D42;

  static final int HEADER_BYTES = 4;
  static final int SENDER_INFO_BYTES = 20;
  static final int REPORT_BLOCK_BYTES = 24;

  /** Header, SSRC of the sender, SSRC of the media source (RFC 4585 §6.1). */
  static final int FEEDBACK_HEADER_BYTES = 12;

  /** Transport-wide feedback counts arrival in steps of 250 us and its reference time in steps of 64 ms. */
  static final long TICK_NANOS = 250_000;
  static final int TICKS_PER_REFERENCE = 256;

  /** Statuses of one transport-wide feedback; more would only serve to keep a reader busy. */
  static final int MAX_STATUSES = 8192;

  /** Status symbols of draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.1. */
  static final int NOT_RECEIVED = 0;
  static final int SMALL_DELTA = 1;
  static final int LARGE_DELTA = 2;

  private RtcpPackets() {}
}
