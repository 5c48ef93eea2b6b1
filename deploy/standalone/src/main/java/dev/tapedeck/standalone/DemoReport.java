package dev.tapedeck.standalone;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * What came of the demo, as {@code --json} prints it.
 *
 * @param verdict          of the recording: complete | partial | empty
 * @param durationMs       of the recording
 * @param packetsSent      RTP packets, counted by the participants that sent them
 * @param framesSent       pictures and sound frames, counted by the participants that sent them
 * @param framesInFiles    pictures and sound frames, counted by decoding the file of each track
 * @param packetsForwarded RTP packets, counted by the participants that received them
 * @param packetsRecorded  RTP packets in verified chunks
 * @param events           hook events in the order they came
 * @param files            the one to open first on top
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record DemoReport(String verdict, long recordingId, long durationMs, long packetsSent, long framesSent,
    long framesInFiles, long packetsForwarded, long packetsRecorded, List<String> events, List<File> files) {

  /** @param kind composed | track */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record File(String path, String kind, List<String> codecs, long durationMs, long bytes) {}

  boolean isWhole() {
    return verdict.equals("complete") && framesSent > 0 && framesSent == framesInFiles;
  }
}
