package dev.tapedeck.protocol.rtp;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

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

  /** More make room for themselves. */
  private static final int USUAL_ELEMENTS = 4;

  /** What we write ourselves, in either form. */
  private OwnElements ownOneByteForm = OwnElements.NOTHING;
  private OwnElements ownTwoByteForm = OwnElements.NOTHING;

  /** Ids of the extension elements, 0 where the receiver did not agree on one. */
  private int midId;
  private int transportCcId;
  private int absSendTimeId;
  private byte[] mid = new byte[0];
  private boolean ownFitOneByteForm = true;

  /** Receiver's id by publisher's id; 0 drops the element. Index 0 is not used. */
  private final byte[] targetIds = new byte[256];

  /** Whether any element of the publisher is passed on; else its extension need not be read. */
  private final boolean copies;

  /** Of the header being written: elements to be copied, their bytes of data, and whether the one-byte form holds them. */
  private long[] copied = new long[USUAL_ELEMENTS];
  private int copiedElements;
  private int copiedBytes;
  private boolean copiedFitOneByteForm;

  /**
   * @param targetIds receiver's id by publisher's id, 256 entries, 0 to drop the element; copied. Elements we write
   *     ourselves replace those that map to the same id
   */
  public RtpHeaderRewriter(byte[] targetIds) {
    if (targetIds.length != 256) {
      throw new IllegalArgumentException("targetIds must have 256 entries, not " + targetIds.length);
    }
    System.arraycopy(targetIds, 0, this.targetIds, 0, 256);
    copies = !Arrays.equals(targetIds, new byte[256]);
  }

  /** Writes the {@code mid} element (RFC 9143 §15) from now on; id 0 stops it. */
  public void setMid(int id, byte[] mid) {
    if (mid.length > 255) {
      throw new IllegalArgumentException("mid has " + mid.length + " bytes, at most 255 fit an element");
    }
    midId = checkedId(id);
    this.mid = mid.clone();
    prepareOwnElements();
  }

  /**
   * Writes the transport-wide sequence number (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2) from now on; id 0
   * stops it.
   */
  public void setTransportCc(int id) {
    transportCcId = checkedId(id);
    prepareOwnElements();
  }

  /** Writes abs-send-time from now on; id 0 stops it. */
  public void setAbsSendTime(int id) {
    absSendTimeId = checkedId(id);
    prepareOwnElements();
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
    countCopied(source, sourceOffset, sourceHeaderBytes);
    boolean isOneByteForm = ownFitOneByteForm && copiedFitOneByteForm;
    OwnElements own = isOneByteForm ? ownOneByteForm : ownTwoByteForm;
    int elementBytes = own.bytes() + copiedBytes + copiedElements * (isOneByteForm ? 1 : 2);
    int fixedBytes = RtpHeader.fixedAndCsrcBytes(source, sourceOffset);
    int words = elementBytes + 3 >> 2;
    int headerBytes = fixedBytes + (words == 0 ? 0 : 4 + 4 * words);
    if (headerBytes > targetCapacity || words > 0xFFFF) {
      return NO_ROOM;
    }

    int first = RtpHeader.VERSION_BITS | RtpHeader.csrcCount(source, sourceOffset);
    RtpHeader.putFixed(target, targetOffset, words == 0 ? first : first | RtpHeader.EXTENSION_BIT, marker, payloadType,
        sequenceNumber, rtpTimestamp, ssrc);
    for (int csrc = RtpHeader.FIXED_BYTES; csrc < fixedBytes; csrc += 4) {
      Bytes.put32(target, targetOffset + csrc, Bytes.i32(source, sourceOffset + csrc));
    }
    if (words == 0) {
      return headerBytes;
    }

    long extension = targetOffset + fixedBytes;
    Bytes.put32(target, extension,
        (isOneByteForm ? RtpExtensions.ONE_BYTE_PROFILE : RtpExtensions.TWO_BYTE_PROFILE) << 16 | words);
    own.write(target, extension + 4, transportSequence, absSendTime);
    if (copiedElements > 0) {
      long end = copyElements(source, target, extension + 4 + own.bytes(), isOneByteForm);
      pad(target, end, targetOffset + headerBytes);
    }
    return headerBytes;
  }

  private static void pad(MemorySegment target, long from, long end) {
    for (long at = from; at < end; at++) {
      Bytes.put8(target, at, 0);
    }
  }

  private void countCopied(MemorySegment source, long offset, int headerBytes) {
    copiedElements = 0;
    copiedBytes = 0;
    copiedFitOneByteForm = true;
    if (!copies) {
      return;
    }
    for (long element = RtpExtensions.first(source, offset, headerBytes);
        element != RtpExtensions.NONE;
        element = RtpExtensions.next(source, offset, headerBytes, element)) {
      int id = targetId(element);
      if (id != 0) {
        if (copiedElements == copied.length) {
          copied = Arrays.copyOf(copied, 2 * copied.length);
        }
        copied[copiedElements++] = element;
        copiedBytes += RtpExtensions.length(element);
        copiedFitOneByteForm &= fitsOneByteForm(id, RtpExtensions.length(element));
      }
    }
  }

  private static boolean fitsOneByteForm(int id, int length) {
    return id <= 14 && length >= 1 && length <= 16;
  }

  /** Receiver's id of a publisher's element, 0 to drop it. */
  private int targetId(long element) {
    int id = targetIds[RtpExtensions.id(element)] & 0xFF;
    return id == midId || id == transportCcId || id == absSendTimeId ? 0 : id;
  }

  private long copyElements(MemorySegment source, MemorySegment target, long at, boolean isOneByteForm) {
    for (int i = 0; i < copiedElements; i++) {
      int length = RtpExtensions.length(copied[i]);
      long from = RtpExtensions.offset(copied[i]);
      at = writeElementHeader(target, at, isOneByteForm, targetId(copied[i]), length);
      for (int b = 0; b < length; b++) { // a byte or two, for which a call to copy takes longer
        Bytes.put8(target, at + b, Bytes.u8(source, from + b));
      }
      at += length;
    }
    return at;
  }

  private static long writeElementHeader(MemorySegment target, long at, boolean isOneByteForm, int id, int length) {
    if (isOneByteForm) {
      Bytes.put8(target, at, id << 4 | length - 1);
      return at + 1;
    }
    Bytes.put16(target, at, id << 8 | length);
    return at + 2;
  }

  private void prepareOwnElements() {
    ownFitOneByteForm = (midId == 0 || fitsOneByteForm(midId, mid.length)) && transportCcId <= 14 && absSendTimeId <= 14;
    ownOneByteForm = ownFitOneByteForm ? OwnElements.of(true, midId, mid, transportCcId, absSendTimeId) : null;
    ownTwoByteForm = OwnElements.of(false, midId, mid, transportCcId, absSendTimeId);
  }

  private static int checkedId(int id) {
    if (id < 0 || id > 255) {
      throw new IllegalArgumentException("extension id must be 1..255, or 0 for none, not " + id);
    }
    return id;
  }
}
