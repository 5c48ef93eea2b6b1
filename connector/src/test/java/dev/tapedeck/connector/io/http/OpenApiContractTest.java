package dev.tapedeck.connector.io.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That answers fit the document, {@link ConnectorHttpTest} checks with each of its requests. */
class OpenApiContractTest {
  private static final OpenApiContract RELEASED = OpenApiContract.ofResource("/openapi/connector.golden.json");

  @Test
  void keepsEveryPathAndFieldThatWasEverDescribed() {
    assertThat(RELEASED.brokenIn(OpenApiContract.ofResource("/openapi/connector.json"))).isEmpty();
  }

  @Test
  void noticesWhatBreaksAClient() throws Exception {
    String text;
    try (InputStream in = getClass().getResourceAsStream("/openapi/connector.golden.json")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(brokenAfter(text, "\"/api/recordings\"", "\"/api/tapes\""))
        .anyMatch(gone -> gone.startsWith("//api/recordings/get"));
    assertThat(brokenAfter(text, "\"totalPages\"", "\"pages\"")).anyMatch(gone -> gone.contains("totalPages"));
    assertThat(brokenAfter(text, "\"required\": [\n                  \"ttl\"",
        "\"required\": [\n                  \"colour\", \"ttl\"")).anyMatch(gone -> gone.endsWith("demands \"colour\""));
    assertThat(brokenAfter(text, "\"integer\"", "\"string\"")).anyMatch(gone -> gone.endsWith("type: \"integer\""));
  }

  private static List<String> brokenAfter(String text, String before, String after) throws Exception {
    assertThat(text).contains(before);
    return RELEASED.brokenIn(OpenApiContract.of(text.replace(before, after)));
  }
}
