package dev.tapedeck.protocol.manifest;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * The JSON of a {@link Manifest}: compact UTF-8, members in the order of the record, times in UTC with milliseconds. The
 * same manifest gives the same bytes, because the next version names their hash.
 */
public final class ManifestJson {
  private static final DateTimeFormatter ISO_MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final JsonMapper MAPPER = JsonMapper.builder()
      .serializationInclusion(Include.NON_ABSENT)
      .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
      .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
      .addModule(new Jdk8Module())
      .addModule(new SimpleModule().addSerializer(new IsoWriter()).addDeserializer(Instant.class, new IsoReader()))
      .build();

  private ManifestJson() {}

  /** The bytes to store. */
  public static byte[] write(Manifest manifest) {
    try {
      // By way of a string: straight to bytes, Jackson would escape characters beyond U+FFFF.
      return MAPPER.writeValueAsString(manifest).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a manifest holds nothing that JSON could not", e);
    }
  }

  /**
   * Reads what {@link #write} wrote, also by a later release that knows more members.
   *
   * @throws ManifestException when the bytes are not JSON, not of this format, or miss something
   */
  public static Manifest read(byte[] json) throws ManifestException {
    try {
      Manifest manifest = MAPPER.readValue(json, Manifest.class);
      if (manifest == null || !Manifest.FORMAT.equals(manifest.format())) {
        throw new ManifestException("format must be " + Manifest.FORMAT, null);
      }
      return manifest;
    } catch (IOException e) {
      throw new ManifestException("this is not a manifest: " + firstLine(e), e);
    }
  }

  /** Lower-case hex SHA-256 of a version's bytes, for {@code previousSha256} of the next. */
  public static String sha256(byte[] json) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A moment as manifests and answers print it: UTC, milliseconds, always three digits of them. */
  public static String iso(Instant instant) {
    return ISO_MILLIS.format(instant);
  }

  private static String firstLine(IOException e) {
    String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return message.lines().findFirst().orElse("no reason given");
  }

  private static final class IsoWriter extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1;

    IsoWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant instant, JsonGenerator json, SerializerProvider provider) throws IOException {
      json.writeString(iso(instant));
    }
  }

  private static final class IsoReader extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1;

    IsoReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      try {
        return Instant.parse(json.getText());
      } catch (DateTimeException e) {
        return (Instant) context.handleWeirdStringValue(Instant.class, json.getText(), "not a UTC time");
      }
    }
  }
}
