package dev.tapedeck.composer.io.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.tapedeck.composer.core.job.Summary;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The bytes of {@code summary.json}: compact UTF-8. */
public final class SummaryJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().addModule(new Jdk8Module()).build();

  private SummaryJson() {}

  public static byte[] write(Summary summary) {
    try {
      // By way of a string: straight to bytes, Jackson would escape characters beyond U+FFFF.
      return MAPPER.writeValueAsString(summary).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a summary holds nothing that JSON could not", e);
    }
  }

  public static Summary read(String json) throws JsonProcessingException {
    return MAPPER.readValue(json, Summary.class);
  }
}
