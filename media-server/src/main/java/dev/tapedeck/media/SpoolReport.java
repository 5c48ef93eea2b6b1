package dev.tapedeck.media;

import dev.tapedeck.media.io.spool.SpoolAudit;
import dev.tapedeck.media.io.spool.SpoolListing;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the spool command prints. */
final class SpoolReport {
  private SpoolReport() {}

  static void print(PrintWriter out, SpoolListing listing) {
    out.printf("%s, %s%n", listing.folder(),
        listing.isLive() ? "held by a running process" : "held by no running process");
    out.printf(Locale.ROOT, "%.1f MB not stored, %.1f MB on disk, the oldest from %s%n", listing.unsentBytes() / 1e6,
        listing.diskBytes() / 1e6, listing.oldestUnsent().map(Instant::toString).orElse("-"));
    out.printf("%-17s  %-20s  %-12s  %-8s  %6s  %7s  %9s  %s%n", "RECORDING", "ROOM", "APP", "CLOSED", "TAPES",
        "CHUNKS", "SIZE", "OLDEST");
    for (SpoolListing.Recording recording : listing.recordings()) {
      out.printf(Locale.ROOT, "%-17d  %-20s  %-12s  %-8s  %6d  %7d  %6.1f MB  %s%n", recording.recording(),
          recording.room(), recording.app(), recording.closeReason().isEmpty() ? "open" : recording.closeReason(),
          recording.tapes().size(), recording.chunkCount(), recording.bytes() / 1e6,
          recording.oldest().map(Instant::toString).orElse("-"));
    }
  }

  static void print(PrintWriter out, SpoolAudit audit) {
    out.printf("%d segments, %d frames, %d chunks%n", audit.segments(), audit.frames(), audit.chunks());
    if (audit.tornBytes() > 0) {
      out.printf("%d bytes at the end of the newest segment were cut off while they were written%n", audit.tornBytes());
    }
    for (SpoolAudit.Damage damage : audit.damages()) {
      out.printf("damaged: segment %s at offset %d: %s%n", damage.segment(), damage.offset(), damage.what());
    }
    if (audit.damages().isEmpty()) {
      out.println("nothing is damaged");
    }
  }

  static Map<String, Object> asJson(SpoolListing listing) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("folder", listing.folder());
    out.put("live", listing.isLive());
    out.put("diskBytes", listing.diskBytes());
    out.put("unsentBytes", listing.unsentBytes());
    out.put("oldestUnsent", listing.oldestUnsent().map(Instant::toString).orElse(null));
    List<Object> recordings = new ArrayList<>();
    for (SpoolListing.Recording recording : listing.recordings()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("app", recording.app());
      one.put("room", recording.room());
      one.put("recording", recording.recording());
      one.put("closed", recording.closeReason().isEmpty() ? null : recording.closeReason());
      one.put("bytes", recording.bytes());
      one.put("tapes", recording.tapes().stream().map(SpoolReport::asJson).toList());
      recordings.add(one);
    }
    out.put("recordings", recordings);
    return out;
  }

  private static Map<String, Object> asJson(SpoolListing.Tape tape) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("peer", tape.peer());
    out.put("session", tape.session());
    out.put("closed", tape.isClosed());
    out.put("chunks", tape.chunks().stream().map(chunk -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("index", chunk.index());
      one.put("key", chunk.key().isEmpty() ? null : chunk.key());
      one.put("from", chunk.from().toString());
      one.put("to", chunk.to().toString());
      one.put("bytes", chunk.bytes());
      one.put("packets", chunk.packets());
      one.put("sealed", chunk.isSealed());
      return one;
    }).toList());
    return out;
  }
}
