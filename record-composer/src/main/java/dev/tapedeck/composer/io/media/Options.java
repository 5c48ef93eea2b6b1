package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import org.bytedeco.ffmpeg.avutil.AVDictionary;

/** Named options for a codec, muxer or demuxer of libav, freed on close. */
final class Options implements AutoCloseable {
  private final AVDictionary dictionary = new AVDictionary(null);

  Options set(String name, String value) throws MediaException {
    Libav.check(av_dict_set(dictionary, name, value, 0), "set option " + name);
    return this;
  }

  Options set(String name, long value) throws MediaException {
    return set(name, Long.toString(value));
  }

  AVDictionary dictionary() {
    return dictionary;
  }

  @Override
  public void close() {
    av_dict_free(dictionary);
  }
}
