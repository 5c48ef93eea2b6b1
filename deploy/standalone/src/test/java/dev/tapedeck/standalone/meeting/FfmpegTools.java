package dev.tapedeck.standalone.meeting;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Media files seen by the system's ffmpeg and ffprobe, which share no code with the programs that wrote them. */
final class FfmpegTools {
  static final int SAMPLE_RATE = 48_000;

  private static final Pattern BRIGHTNESS =
      Pattern.compile("pts_time:(\\S+)\\s+lavfi\\.signalstats\\.YAVG=(\\S+)");

  private FfmpegTools() {}

  /** A rectangle of a picture, all numbers as shares of its width and height. */
  record Area(double left, double top, double width, double height) {}

  /** Mean luma of an area at one instant. @param luma 16 black, 235 white */
  record Brightness(double seconds, double luma) {}

  /** What ffprobe says of streams and container, with all frames decoded and counted. */
  static JsonNode probe(Path file) throws IOException {
    return new ObjectMapper().readTree(run("ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format",
        "-show_entries", "frame=width,height,media_type", "-of", "json", file.toString()));
  }

  /** The colour in the middle of an area, red, green and blue of 0..255. */
  static List<Integer> colour(Path file, double seconds, Area area) throws IOException {
    byte[] pixel = run("ffmpeg", "-v", "error", "-ss", Double.toString(seconds), "-i", file.toString(),
        "-frames:v", "1", "-vf", crop(area) + ",scale=1:1:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", "-");
    if (pixel.length != 3) {
      throw new AssertionError("no picture in " + file + " at " + seconds + " s");
    }
    return List.of(pixel[0] & 0xFF, pixel[1] & 0xFF, pixel[2] & 0xFF);
  }

  /** How bright an area is in each picture of a file. */
  static List<Brightness> brightness(Path file, Area area) throws IOException {
    String text = new String(run("ffmpeg", "-v", "error", "-i", file.toString(), "-an", "-vf",
        crop(area) + ",signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-", "-f", "null", "-"),
        StandardCharsets.US_ASCII);
    List<Brightness> pictures = new ArrayList<>();
    Matcher matcher = BRIGHTNESS.matcher(text);
    while (matcher.find()) {
      pictures.add(new Brightness(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2))));
    }
    return pictures;
  }

  /** All sound of a file, mono, 48 kHz, -1 to 1, silence where the file has none. */
  static float[] samples(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(run("ffmpeg", "-v", "error", "-i", file.toString(), "-vn",
        "-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", Integer.toString(SAMPLE_RATE), "-f", "f32le", "-"));
    float[] samples = new float[bytes.remaining() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(samples);
    return samples;
  }

  private static String crop(Area area) {
    return "crop=iw*" + area.width() + ":ih*" + area.height() + ":iw*" + area.left() + ":ih*" + area.top();
  }

  private static byte[] run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    process.getInputStream().transferTo(out);
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new AssertionError(String.join(" ", command) + " ended with " + status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return out.toByteArray();
  }
}
