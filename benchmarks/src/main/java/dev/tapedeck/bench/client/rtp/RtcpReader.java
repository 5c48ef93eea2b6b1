package dev.tapedeck.bench.client.rtp;

/** Walks a compound RTCP packet and hands out what a client acts on (RFC 3550 §6, RFC 4585 §6, RFC 5104 §4.3.1). */
final class RtcpReader {
  private RtcpReader() {}

  /** What a client does with feedback. */
  interface Handler {
    /** @param ntpMiddle the middle 32 bits of the NTP time, to be echoed as LSR */
    void onSenderReport(int ssrc, long ntpMiddle, long rtpTimestamp);

    void onReceiverReportBlock(int mediaSsrc, int fractionLost);

    void onNack(int mediaSsrc, int sequenceNumber);

    void onPictureLoss(int mediaSsrc);

    void onFullIntraRequest(int mediaSsrc, int requestNumber);

    /** @param offset of the whole feedback packet, {@code end} exclusive */
    void onTransportFeedback(byte[] data, int offset, int end);

    void onRemb(long bitsPerSecond);

    void onGoodbye(int ssrc);
  }

  /** @return false if the compound is cut or its lengths do not fit; what stood before was handled */
  static boolean read(byte[] data, int length, Handler handler) {
    int offset = 0;
    while (offset < length) {
      if (offset + 4 > length || (data[offset] & 0xc0) != 0x80) {
        return false;
      }
      int end = offset + 4 * (Ints.u16(data, offset + 2) + 1);
      if (end > length) {
        return false;
      }
      if (end - offset >= 8 && !readOne(data, offset, end, handler)) {
        return false;
      }
      offset = end;
    }
    return true;
  }

  private static boolean readOne(byte[] data, int offset, int end, Handler handler) {
    int count = data[offset] & 0x1f;
    return switch (data[offset + 1] & 0xff) {
      case Rtcp.SENDER_REPORT -> readSenderReport(data, offset, end, count, handler);
      case Rtcp.RECEIVER_REPORT -> readBlocks(data, offset + 8, end, count, handler);
      case Rtcp.GOODBYE -> {
        handler.onGoodbye((int) Ints.u32(data, offset + 4));
        yield true;
      }
      case Rtcp.TRANSPORT_FEEDBACK -> readTransportFeedback(data, offset, end, count, handler);
      case Rtcp.PAYLOAD_FEEDBACK -> readPayloadFeedback(data, offset, end, count, handler);
      default -> true;
    };
  }

  private static boolean readSenderReport(byte[] data, int offset, int end, int count, Handler handler) {
    if (end - offset < 28) {
      return false;
    }
    long middle = (Ints.u32(data, offset + 8) & 0xffff) << 16 | Ints.u32(data, offset + 12) >> 16;
    handler.onSenderReport((int) Ints.u32(data, offset + 4), middle, Ints.u32(data, offset + 16));
    return readBlocks(data, offset + 28, end, count, handler);
  }

  private static boolean readBlocks(byte[] data, int offset, int end, int count, Handler handler) {
    if (offset + 24 * count > end) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      int block = offset + 24 * i;
      handler.onReceiverReportBlock((int) Ints.u32(data, block), data[block + 4] & 0xff);
    }
    return true;
  }

  private static boolean readTransportFeedback(byte[] data, int offset, int end, int format, Handler handler) {
    if (end - offset < 12) {
      return false;
    }
    if (format == Rtcp.FORMAT_TRANSPORT_CC) {
      handler.onTransportFeedback(data, offset, end);
    } else if (format == Rtcp.FORMAT_NACK) {
      int mediaSsrc = (int) Ints.u32(data, offset + 8);
      for (int item = offset + 12; item + 4 <= end; item += 4) {
        readNackItem(mediaSsrc, Ints.u16(data, item), Ints.u16(data, item + 2), handler);
      }
    }
    return true;
  }

  private static void readNackItem(int mediaSsrc, int first, int following, Handler handler) {
    handler.onNack(mediaSsrc, first);
    for (int bit = 0; bit < 16; bit++) {
      if ((following & 1 << bit) != 0) {
        handler.onNack(mediaSsrc, first + bit + 1 & 0xffff);
      }
    }
  }

  private static boolean readPayloadFeedback(byte[] data, int offset, int end, int format, Handler handler) {
    if (end - offset < 12) {
      return false;
    }
    switch (format) {
      case Rtcp.FORMAT_PLI -> handler.onPictureLoss((int) Ints.u32(data, offset + 8));
      case Rtcp.FORMAT_FIR -> {
        for (int item = offset + 12; item + 8 <= end; item += 8) {
          handler.onFullIntraRequest((int) Ints.u32(data, item), data[item + 4] & 0xff);
        }
      }
      case Rtcp.FORMAT_REMB -> {
        if (end - offset >= 20 && Ints.u32(data, offset + 12) == 0x52454D42L) {
          int value = Ints.u24(data, offset + 17);
          handler.onRemb((value & 0x3ffffL) << (value >> 18));
        }
      }
      default -> {
        // Formats of no use to a client.
      }
    }
    return true;
  }
}
