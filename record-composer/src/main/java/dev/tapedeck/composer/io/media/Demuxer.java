package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.media.TimeBase;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.javacpp.PointerPointer;

/** Reads the encoded frames of a media file back, in file order. Owned by one thread. */
public final class Demuxer implements AutoCloseable {
  /** Formats that refer to nothing outside themselves; playlists and session descriptions stay shut. */
  private static final String FORMATS = "matroska,webm,ogg,mov,mp4,m4a,3gp,3g2,mj2,ivf";
  private static final long NANOS_PER_TICK_OF_CONTEXT = 1_000;

  /** A frame and the stream it belongs to. */
  public record StreamFrame(int streamIndex, EncodedFrame frame) {}

  private final Path path;
  private final FileChannel channel;
  private final FileIo file;
  private final Packet packet;
  private AVFormatContext context;
  private final List<StreamInfo> streams = new ArrayList<>();
  private final List<TimeBase> timeBases = new ArrayList<>();

  /** @throws MediaException if the file is not media we know, or has a stream of another codec */
  public static Demuxer open(Path path) throws IOException {
    Demuxer demuxer = new Demuxer(path);
    try {
      demuxer.readHeader();
      return demuxer;
    } catch (IOException e) {
      demuxer.close();
      throw e;
    }
  }

  private Demuxer(Path path) throws IOException {
    this.path = path;
    channel = FileChannel.open(path, StandardOpenOption.READ);
    file = FileIo.reading(channel);
    packet = new Packet();
  }

  private void readHeader() throws IOException {
    context = Libav.require(avformat_alloc_context(), "open " + path.getFileName());
    context.pb(file.context());
    try (Options options = new Options().set("format_whitelist", FORMATS).set("protocol_whitelist", "none")) {
      int code = avformat_open_input(context, (String) null, null, options.dictionary());
      if (code < 0) {
        context = null; // libav has freed it
      }
      check(code, "open " + path.getFileName());
    }
    check(avformat_find_stream_info(context, (PointerPointer<?>) null), "read streams of " + path.getFileName());
    for (int i = 0; i < context.nb_streams(); i++) {
      AVStream stream = context.streams(i);
      Optional<StreamInfo> info = CodecParameters.read(stream.codecpar());
      streams.add(info.orElseThrow(() -> new MediaException(path.getFileName() + ": stream of unknown codec or size")));
      timeBases.add(new TimeBase(stream.time_base().num(), stream.time_base().den()));
    }
  }

  public List<StreamInfo> streams() {
    return List.copyOf(streams);
  }

  /** How long the file says it is; 0 where it does not say. */
  public long durationNanos() {
    return Math.max(0, context.duration()) * NANOS_PER_TICK_OF_CONTEXT;
  }

  /** @return the next frame, empty at the end of the file */
  public Optional<StreamFrame> next() throws IOException {
    AVPacket native_ = packet.empty();
    int code = av_read_frame(context, native_);
    if (code == AVERROR_EOF) {
      return Optional.empty();
    }
    check(code, "read " + path.getFileName());
    int index = native_.stream_index();
    if (index >= timeBases.size()) {
      throw new MediaException("read " + path.getFileName() + ": a stream appears that the header does not name");
    }
    return Optional.of(new StreamFrame(index, packet.toFrame(timeBases.get(index))));
  }

  /** Goes to the last key frame of a stream at or before a time; {@link #next} reads from there. */
  public void seek(int streamIndex, long nanos) throws IOException {
    check(av_seek_frame(context, streamIndex, timeBases.get(streamIndex).fromNanos(nanos), AVSEEK_FLAG_BACKWARD),
        "seek to " + nanos / 1_000_000 + " ms in " + path.getFileName());
  }

  @Override
  public void close() throws IOException {
    if (context != null) {
      avformat_close_input(context);
      context = null;
    }
    packet.close();
    file.close();
    channel.close();
  }

  private void check(int code, String step) throws MediaException {
    try {
      Libav.check(code, step);
    } catch (MediaException e) {
      throw file.explain(e);
    }
  }
}
