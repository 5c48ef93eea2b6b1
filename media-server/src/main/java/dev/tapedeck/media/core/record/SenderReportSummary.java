package dev.tapedeck.media.core.record;

import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.wire.SenderReports;
import java.lang.foreign.MemorySegment;

/**
 * The first and the last of what a sender reported of one stream (RFC 3550 §6.4.1): enough to see whether its clock and
 * its packet count agree with ours without reading the tape. Owned by one thread.
 *
 * <pre>
 *  0                   1                   2                   3
 * |V=2|P|    RC   |   PT=SR=200   |             length            |
 * |                         SSRC of sender                        |
 * |                     NTP timestamp (64 bits)                   |   8
 * |                         RTP timestamp                         |  16
 * |                     sender's packet count                     |  20
 * |                      sender's octet count                     |  24
 * </pre>
 */
public final class SenderReportSummary {
  /** The shortest report there is: without a report block. */
  public static final int MIN_REPORT_BYTES = 28;

  private int reports;
  private long firstNtp;
  private int firstRtp;
  private long lastNtp;
  private int lastRtp;
  private int lastPackets;
  private int lastOctets;

  public SenderReportSummary() {}

  /** Goes on from what was summed up before. */
  public SenderReportSummary(SenderReports before) {
    reports = before.getReports();
    firstNtp = before.getFirstNtp();
    firstRtp = before.getFirstRtp();
    lastNtp = before.getLastNtp();
    lastRtp = before.getLastRtp();
    lastPackets = before.getLastPackets();
    lastOctets = before.getLastOctets();
  }

  /** @param offset of a sender report packet of {@link #MIN_REPORT_BYTES} or more */
  public void note(MemorySegment memory, long offset) {
    lastNtp = Bytes.u64(memory, offset + 8);
    lastRtp = Bytes.i32(memory, offset + 16);
    lastPackets = Bytes.i32(memory, offset + 20);
    lastOctets = Bytes.i32(memory, offset + 24);
    if (reports++ == 0) {
      firstNtp = lastNtp;
      firstRtp = lastRtp;
    }
  }

  public boolean isEmpty() {
    return reports == 0;
  }

  public SenderReports toWire() {
    return SenderReports.newBuilder().setReports(reports).setFirstNtp(firstNtp).setFirstRtp(firstRtp)
        .setLastNtp(lastNtp).setLastRtp(lastRtp).setLastPackets(lastPackets).setLastOctets(lastOctets).build();
  }
}
