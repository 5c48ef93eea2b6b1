package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and writes INIT and INIT ACK (RFC 9260 §3.3.2 and 3.3.3). What was read stands in the fields until the next one.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |                         initiate tag                          |
 * |           advertised receiver window credit (a_rwnd)          |
 * |  number of outbound streams   |   number of inbound streams   |
 * |                          initial TSN                          |
 * |                         parameters ...                        |
 * </pre>
 */
final class InitCodec {
  private static final int FIXED_BYTES = 16;

  /** RFC 9260 §5.1.1: a receiver with a smaller window cannot be spoken with. */
  private static final int MIN_WINDOW_BYTES = 1500;

  /** Of unrecognized parameters we report back, together. */
  private static final int MAX_REPORTED_BYTES = 256;

  private static final byte[] EXTENSIONS = {(byte) ChunkType.RE_CONFIG, (byte) ChunkType.FORWARD_TSN};
  private static final byte[] EXTENSIONS_WITH_INTERLEAVING = {
    (byte) ChunkType.RE_CONFIG, (byte) ChunkType.FORWARD_TSN, (byte) ChunkType.I_DATA, (byte) ChunkType.I_FORWARD_TSN
  };
  private static final byte[] NONE = {};

  /** What became of reading one. */
  enum Result {
    /** {@link #endpoint()} is set. */
    READ,
    /** Too short, or parameters that do not fit: not to be answered. */
    MALFORMED,
    /** Zero where zero is forbidden: to be answered with ABORT. */
    INVALID
  }

  private final Tlv parameters = new Tlv();
  private final List<byte[]> unrecognized = new ArrayList<>();
  private Endpoint endpoint;
  private byte[] cookie = NONE;

  Result read(Tlv chunk) {
    unrecognized.clear();
    cookie = NONE;
    if (chunk.valueBytes() < FIXED_BYTES) {
      return Result.MALFORMED;
    }
    int features = readParameters(chunk);
    if (features < 0) {
      return Result.MALFORMED;
    }
    endpoint = new Endpoint(chunk.value32(0), chunk.value32(12), Integer.toUnsignedLong(chunk.value32(4)),
        chunk.value16(8), chunk.value16(10), features);
    boolean isInvalid = endpoint.tag() == 0 || endpoint.outboundStreams() == 0 || endpoint.inboundStreams() == 0
        || endpoint.windowBytes() < MIN_WINDOW_BYTES;
    return isInvalid ? Result.INVALID : Result.READ;
  }

  /** Features found, or -1 if the parameters do not fit. */
  private int readParameters(Tlv chunk) {
    int features = 0;
    parameters.over(chunk.memory(), chunk.valueAt() + FIXED_BYTES, chunk.valueBytes() - FIXED_BYTES);
    while (parameters.next()) {
      int type = parameters.parameterType();
      switch (type) {
        case ParameterType.STATE_COOKIE -> cookie = parameters.value(0);
        case ParameterType.FORWARD_TSN_SUPPORTED -> features |= Endpoint.PARTIAL_RELIABILITY;
        case ParameterType.SUPPORTED_EXTENSIONS -> features |= extensions();
        // Addresses mean nothing over DTLS (RFC 8261 §6).
        case ParameterType.IPV4_ADDRESS, ParameterType.IPV6_ADDRESS, ParameterType.COOKIE_PRESERVATIVE,
            ParameterType.SUPPORTED_ADDRESS_TYPES, ParameterType.UNRECOGNIZED -> {}
        default -> {
          if (ParameterType.isReportedWhenUnknown(type)) {
            noteUnrecognized();
          }
          if (ParameterType.stopsWhenUnknown(type)) {
            return features;
          }
        }
      }
    }
    return parameters.isWellFormed() ? features : -1;
  }

  private int extensions() {
    int features = 0;
    for (int i = 0; i < parameters.valueBytes(); i++) {
      features |= switch (parameters.value8(i)) {
        case ChunkType.RE_CONFIG -> Endpoint.STREAM_RESET;
        case ChunkType.FORWARD_TSN -> Endpoint.PARTIAL_RELIABILITY;
        case ChunkType.I_DATA -> Endpoint.INTERLEAVING;
        default -> 0;
      };
    }
    return features;
  }

  private void noteUnrecognized() {
    int noted = unrecognized.stream().mapToInt(parameter -> Tlv.padded(parameter.length)).sum();
    if (noted + parameters.length() <= MAX_REPORTED_BYTES) {
      unrecognized.add(parameters.memory().asSlice(parameters.at(), parameters.length()).toArray(Bytes.BYTE));
    }
  }

  /** Who sent it. */
  Endpoint endpoint() {
    return endpoint;
  }

  /** The state cookie of an INIT ACK, empty if there is none. */
  byte[] cookie() {
    return cookie;
  }

  /** Whole parameters the sender wants to hear about (RFC 9260 §3.2.1). */
  List<byte[]> unrecognized() {
    return List.copyOf(unrecognized);
  }

  void writeInit(Outbox outbox, Endpoint local) {
    write(outbox, 0, ChunkType.INIT, local, NONE, List.of());
  }

  /** @param unrecognized parameters of the INIT that is answered, to be reported back */
  void writeInitAck(Outbox outbox, int tag, Endpoint local, byte[] cookie, List<byte[]> unrecognized) {
    write(outbox, tag, ChunkType.INIT_ACK, local, cookie, unrecognized);
  }

  private static void write(
      Outbox outbox, int tag, int type, Endpoint local, byte[] cookie, List<byte[]> unrecognized) {
    byte[] extensions = local.has(Endpoint.INTERLEAVING) ? EXTENSIONS_WITH_INTERLEAVING : EXTENSIONS;
    int valueBytes = FIXED_BYTES + Tlv.padded(Tlv.HEADER_BYTES + extensions.length) + Tlv.HEADER_BYTES;
    valueBytes += cookie.length == 0 ? 0 : Tlv.padded(Tlv.HEADER_BYTES + cookie.length);
    for (byte[] parameter : unrecognized) {
      valueBytes = Tlv.padded(valueBytes) + Tlv.HEADER_BYTES + parameter.length;
    }
    int at = outbox.beginAlone(tag, type, 0, valueBytes);
    at = writeFixed(outbox.memory(), at, local);
    at = writeParameter(outbox, at, ParameterType.SUPPORTED_EXTENSIONS, extensions);
    at = writeParameter(outbox, at, ParameterType.FORWARD_TSN_SUPPORTED, NONE);
    if (cookie.length > 0) {
      at = writeParameter(outbox, at, ParameterType.STATE_COOKIE, cookie);
    }
    for (byte[] parameter : unrecognized) {
      at = writeParameter(outbox, at, ParameterType.UNRECOGNIZED, parameter);
    }
    outbox.endAlone();
  }

  private static int writeFixed(MemorySegment memory, int at, Endpoint local) {
    Bytes.put32(memory, at, local.tag());
    Bytes.put32(memory, at + 4, (int) local.windowBytes());
    Bytes.put16(memory, at + 8, local.outboundStreams());
    Bytes.put16(memory, at + 10, local.inboundStreams());
    Bytes.put32(memory, at + 12, local.initialTsn());
    return at + FIXED_BYTES;
  }

  private static int writeParameter(Outbox outbox, int at, int type, byte[] value) {
    int valueAt = outbox.parameter(at, type, value.length);
    outbox.put(valueAt, value, 0, value.length);
    return at + Tlv.padded(Tlv.HEADER_BYTES + value.length);
  }
}
