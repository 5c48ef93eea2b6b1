package dev.tapedeck.composer.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** An OpenAPI document as a contract: which operations there are, and what each may answer. */
public final class OpenApiContract {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;

  public OpenApiContract(String document) throws IOException {
    this.document = JSON.readTree(document);
  }

  /** Every operation as {@code GET /path/{parameter}}. */
  public Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    document.path("paths").fields().forEachRemaining(path -> path.getValue().fieldNames().forEachRemaining(method -> {
      if (METHODS.contains(method)) {
        operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }));
    return operations;
  }

  /** Fails unless this status and body are an answer the document knows for this operation. */
  public void check(String method, String pathAndQuery, int status, String body) {
    String path = pathAndQuery.replaceAll("\\?.*", "").replaceAll("(/api/convert/job)/[^/]+$", "$1/{id}");
    JsonNode operation = document.path("paths").path(path).path(method.toLowerCase(Locale.ROOT));
    assertThat(operation.isMissingNode()).as("%s %s is not described", method, path).isFalse();
    JsonNode response = operation.path("responses").path(Integer.toString(status));
    assertThat(response.isMissingNode()).as("%s %s: %d is not described: %s", method, path, status, body).isFalse();
    if (response.has("$ref")) {
      response = document.at(response.path("$ref").asText().substring(1));
    }
    JsonNode schema = response.path("content").path("application/json").path("schema");
    if (!schema.isMissingNode()) {
      checkSchema(schema, body, method + " " + path + " " + status);
    }
  }

  private void checkSchema(JsonNode schema, String body, String what) {
    ObjectNode root = JSON.createObjectNode();
    root.setAll((ObjectNode) schema);
    root.set("components", document.path("components"));
    assertThat(SchemaRegistry.withDialect(Dialects.getOpenApi30()).getSchema(root.toString(), InputFormat.JSON)
        .validate(body, InputFormat.JSON)).as("%s: %s", what, body).isEmpty();
  }
}
