package dev.tapedeck.protocol.rtp;

import java.lang.foreign.MemorySegment;

/**
 * Writes the RTP header one receiver gets, from the header its publisher sent: payload type, numbers and SSRC are given,
 * extension elements go from the publisher's ids to the receiver's, and the elements of our own are put in front.
 *
 * <p>The one-byte form of RFC 8285 is written wherever it can hold every element (ids up to 14, 1 to 16 bytes), else the
 * two-byte form. CSRCs are kept. The padding bit is cleared: what follows is the payload without padding.
 *
 * <p>One object per mapping, used by its worker thread; {@link #write} allocates nothing and accepts any header that
 * {@link RtpHeader#headerBytes} accepted.
 */
public final class RtpHeaderRewriter {
  /** Returned when the header does not fit. */
  public static final int NO_ROOM = -1;

  /** Ids of the extension elements, 0 where the receiver did not agree on one. */
  private int midId;
  private int transportCcId;
  private int absSendTimeId;
  private byte[] mid = new byte[0];

  /** Receiver's id by publisher's id; 0 drops the element. Index 0 is not used. */
  private final byte[] targetIds = new byte[256];

  /**
   * @param targetIds receiver's id by publisher's id, 256 entries, 0 to drop the element; copied. Elements we write
   *     ourselves replace those that map to the same id
   */
  public RtpHeaderRewriter(byte[] targetIds) {
    if (targetIds.length != 256) {
      throw new IllegalArgumentException("targetIds must have 256 entries, not " + targetIds.length);
    }
    System.arraycopy(targetIds, 0, this.targetIds, 0, 256);
  }

  /** Writes the {@code mid} element (RFC 9143 §15) from now on; id 0 stops it. */
  public void setMid(int id, byte[] mid) {
    if (mid.length > 255) {
      throw new IllegalArgumentException("mid has " + mid.length + " bytes, at most 255 fit an element");
    }
    midId = checkedId(id);
    this.mid = mid.clone();
  }

  /**
   * Writes the transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2) from now on; id 0
   * stops it.
   */
  public void setTransportCc(int id) {
    transportCcId = checkedId(id);
  }

  /** Writes abs-send-time from now on; id 0 stops it. */
  public void setAbsSendTime(int id) {
    absSendTimeId = checkedId(id);
  }

  public boolean writesTransportCc() {
    return transportCcId != 0;
  }

  /**
   * Writes a header.
   *
   * @param source            packet as the publisher sent it
   * @param sourceHeaderBytes as {@link RtpHeader#headerBytes} returned it
   * @param transportSequence low 16 bits are written if transport-cc is on
   * @param absSendTime       low 24 bits are written if abs-send-time is on, see {@link NtpTime#absSendTime}
   * @param target            where the header goes, not overlapping the source's header
   * @param targetCapacity    bytes that may be written
   * @return header bytes written, a multiple of 4, or {@link #NO_ROOM}; then nothing was written
   */
  public int write(
      MemorySegment source,
      long sourceOffset,
      int sourceHeaderBytes,
      boolean marker,
      int payloadType,
      int sequenceNumber,
      int rtpTimestamp,
      int ssrc,
      int transportSequence,
      int absSendTime,
      MemorySegment target,
      long targetOffset,
      int targetCapacity) {
    int fixedBytes = RtpHeader.fixedAndCsrcBytes(source, sourceOffset);
    int elementHeaderBytes = fitsOneByteForm(source, sourceOffset, sourceHeaderBytes) ? 1 : 2;
    int elementBytes = elementBytes(source, sourceOffset, sourceHeaderBytes, elementHeaderBytes);
    int words = elementBytes + 3 >> 2;
    int headerBytes = fixedBytes + (words == 0 ? 0 : 4 + 4 * words);
    if (headerBytes > targetCapacity || words > 0xFFFF) {
      return NO_ROOM;
    }

    MemorySegment.copy(source, sourceOffset, target, targetOffset, fixedBytes);
    int first = RtpHeader.VERSION_BITS | RtpHeader.csrcCount(source, sourceOffset);
    Bytes.put8(target, targetOffset, words == 0 ? first : first | RtpHeader.EXTENSION_BIT);
    RtpHeader.putMarkerAndPayloadType(target, targetOffset, marker, payloadType);
    RtpHeader.putSequenceNumber(target, targetOffset, sequenceNumber);
    RtpHeader.putRtpTimestamp(target, targetOffset, rtpTimestamp);
    RtpHeader.putSsrc(target, targetOffset, ssrc);
    if (words == 0) {
      return headerBytes;
    }

    long at = targetOffset + fixedBytes;
    Bytes.put16(target, at, elementHeaderBytes == 1 ? RtpExtensions.ONE_BYTE_PROFILE : RtpExtensions.TWO_BYTE_PROFILE);
    Bytes.put16(target, at + 2, words);
    at = writeOwnElements(target, at + 4, elementHeaderBytes, transportSequence, absSendTime);
    at = copyElements(source, sourceOffset, sourceHeaderBytes, target, at, elementHeaderBytes);
    for (long end = targetOffset + headerBytes; at < end; at++) {
      Bytes.put8(target, at, 0);
    }
    return headerBytes;
  }

  private boolean fitsOneByteForm(MemorySegment source, long offset, int headerBytes) {
    if (midId != 0 && !fitsOneByteForm(midId, mid.length)
        || transportCcId > 14
        || absSendTimeId > 14) {
      return false;
    }
    for (long element = RtpExtensions.first(source, offset, headerBytes);
        element != RtpExtensions.NONE;
        element = RtpExtensions.next(source, offset, headerBytes, element)) {
      int id = targetId(element);
      if (id != 0 && !fitsOneByteForm(id, RtpExtensions.length(element))) {
        return false;
      }
    }
    return true;
  }

  private static boolean fitsOneByteForm(int id, int length) {
    return id <= 14 && length >= 1 && length <= 16;
  }

  private int elementBytes(MemorySegment source, long offset, int headerBytes, int elementHeaderBytes) {
    int bytes = (midId == 0 ? 0 : elementHeaderBytes + mid.length)
        + (transportCcId == 0 ? 0 : elementHeaderBytes + 2)
        + (absSendTimeId == 0 ? 0 : elementHeaderBytes + 3);
    for (long element = RtpExtensions.first(source, offset, headerBytes);
        element != RtpExtensions.NONE;
        element = RtpExtensions.next(source, offset, headerBytes, element)) {
      if (targetId(element) != 0) {
        bytes += elementHeaderBytes + RtpExtensions.length(element);
      }
    }
    return bytes;
  }

  /** Receiver's id of a publisher's element, 0 to drop it. */
  private int targetId(long element) {
    int id = targetIds[RtpExtensions.id(element)] & 0xFF;
    return id == midId || id == transportCcId || id == absSendTimeId ? 0 : id;
  }

  private long writeOwnElements(
      MemorySegment target, long at, int elementHeaderBytes, int transportSequence, int absSendTime) {
    if (midId != 0) {
      at = writeElementHeader(target, at, elementHeaderBytes, midId, mid.length);
      MemorySegment.copy(mid, 0, target, Bytes.BYTE, at, mid.length);
      at += mid.length;
    }
    if (transportCcId != 0) {
      at = writeElementHeader(target, at, elementHeaderBytes, transportCcId, 2);
      Bytes.put16(target, at, transportSequence);
      at += 2;
    }
    if (absSendTimeId != 0) {
      at = writeElementHeader(target, at, elementHeaderBytes, absSendTimeId, 3);
      Bytes.put24(target, at, absSendTime);
      at += 3;
    }
    return at;
  }

  private long copyElements(
      MemorySegment source, long offset, int headerBytes, MemorySegment target, long at, int elementHeaderBytes) {
    for (long element = RtpExtensions.first(source, offset, headerBytes);
        element != RtpExtensions.NONE;
        element = RtpExtensions.next(source, offset, headerBytes, element)) {
      int id = targetId(element);
      if (id != 0) {
        int length = RtpExtensions.length(element);
        at = writeElementHeader(target, at, elementHeaderBytes, id, length);
        MemorySegment.copy(source, RtpExtensions.offset(element), target, at, length);
        at += length;
      }
    }
    return at;
  }

  private static long writeElementHeader(MemorySegment target, long at, int elementHeaderBytes, int id, int length) {
    if (elementHeaderBytes == 1) {
      Bytes.put8(target, at, id << 4 | length - 1);
    } else {
      Bytes.put8(target, at, id);
      Bytes.put8(target, at + 1, length);
    }
    return at + elementHeaderBytes;
  }

  private static int checkedId(int id) {
    if (id < 0 || id > 255) {
      throw new IllegalArgumentException("extension id must be 1..255, or 0 for none, not " + id);
    }
    return id;
  }
}
