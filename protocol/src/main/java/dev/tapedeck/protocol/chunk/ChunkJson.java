package dev.tapedeck.protocol.chunk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** JSON payloads of entries. Fields that a later version added are ignored, missing ones are zero or empty. */
final class ChunkJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private ChunkJson() {}

  static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> Optional<T> read(byte[] json, Class<T> type) {
    try {
      ObjectReader reader = MAPPER.readerFor(type);
      return Optional.ofNullable(reader.readValue(json));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
