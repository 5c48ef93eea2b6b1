package dev.tapedeck.composer.io.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.tapedeck.composer.core.job.ConvertRequest;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The body of {@code POST /api/convert/job}. Destinations hold secrets: it is never logged, and leaves the table when
 * the job ends.
 */
public record JobRequest(@JsonProperty("record_path") String recordPath, Optional<Transmux> transmux,
    Optional<Compose> compose) {
  private static final JsonMapper MAPPER = JsonMapper.builder()
      .addModule(new Jdk8Module())
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
      .build();

  /**
   * Files per track.
   *
   * @param customS3 store URI with credentials, or a presigned PUT URL for a zip of all
   * @param ogg      ours: a voice per participant as well
   */
  public record Transmux(@JsonProperty("custom_s3") Optional<String> customS3, boolean ogg) {}

  /** @param customS3 presigned PUT URL, or a store URI with credentials */
  public record Compose(boolean audio, boolean video, @JsonProperty("custom_s3") Optional<String> customS3) {}

  /** @throws IllegalArgumentException saying what is wrong with the body */
  public static JobRequest parse(String json) {
    JobRequest request;
    try {
      request = MAPPER.readValue(json, JobRequest.class);
    } catch (JsonProcessingException e) {
      // Jackson's message may quote the body, which holds secrets.
      throw new IllegalArgumentException("the body must be a JSON object with record_path, transmux and compose");
    }
    if (request == null || request.recordPath == null || request.recordPath.isEmpty()) {
      throw new IllegalArgumentException("record_path is missing");
    }
    request.toConvert();
    return request;
  }

  /** @throws IllegalArgumentException if nothing is asked for */
  public ConvertRequest toConvert() {
    return new ConvertRequest(transmux.map(part -> new ConvertRequest.Transmux(part.ogg)),
        compose.map(part -> new ConvertRequest.Compose(part.audio, part.video)));
  }

  public String toJson() {
    return write(this);
  }

  /** The same without destinations. */
  public JobRequest withoutSecrets() {
    return new JobRequest(recordPath, transmux.map(part -> new Transmux(Optional.empty(), part.ogg)),
        compose.map(part -> new Compose(part.audio, part.video, Optional.empty())));
  }

  private static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
