package dev.tapedeck.composer.io.http;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.javalin.http.Context;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers as JSON. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder()
      .addModule(new Jdk8Module())
      .serializationInclusion(Include.NON_ABSENT)
      .build();

  private Json() {}

  static void answer(Context context, int status, Object body) {
    try {
      context.status(status).contentType("application/json").result(MAPPER.writeValueAsString(body));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("an answer holds nothing that JSON could not", e);
    }
  }

  /** The envelope of the documented route. */
  static Map<String, Object> envelope(Object data) {
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("status", true);
    envelope.put("data", data);
    return envelope;
  }

  /** The JSON error; {@code status: false} is what clients of the documented route look at. */
  static void error(Context context, ApiException e, String requestId) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", false);
    body.put("error", e.error());
    body.put("code", e.code());
    body.put("message", e.getMessage());
    body.put("requestId", requestId);
    answer(context, e.status(), body);
  }
}
