package dev.tapedeck.media.core.sctp;

/** Parameter types (RFC 9260 §3.3.2, 3758 §3.1, 5061 §4.2.7, 6525 §4). */
final class ParameterType {
  static final int HEARTBEAT_INFO = 1;
  static final int IPV4_ADDRESS = 5;
  static final int IPV6_ADDRESS = 6;
  static final int STATE_COOKIE = 7;
  static final int UNRECOGNIZED = 8;
  static final int COOKIE_PRESERVATIVE = 9;
  static final int SUPPORTED_ADDRESS_TYPES = 12;
  static final int OUTGOING_RESET = 13;
  static final int INCOMING_RESET = 14;
  static final int ASSOCIATION_RESET = 15;
  static final int RECONFIG_RESPONSE = 16;
  static final int ADD_OUTGOING_STREAMS = 17;
  static final int ADD_INCOMING_STREAMS = 18;
  static final int SUPPORTED_EXTENSIONS = 0x8008;
  static final int FORWARD_TSN_SUPPORTED = 0xC000;

  private ParameterType() {}

  /** Whether an unknown parameter of this type ends the reading of its chunk (RFC 9260 §3.2.1). */
  static boolean stopsWhenUnknown(int type) {
    return (type & 0x8000) == 0;
  }

  static boolean isReportedWhenUnknown(int type) {
    return (type & 0x4000) != 0;
  }
}
