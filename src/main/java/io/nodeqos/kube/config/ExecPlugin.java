// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.kube.config.ExecSettings.InteractiveMode;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs the credential plug-in of a kubeconfig, as {@code plugin/pkg/client/auth/exec} of client-go
 * 1.37 does, but no longer than a minute, as all requests wait for it.
 */
public final class ExecPlugin {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration INTERACTIVE_TIMEOUT = Duration.ofMinutes(10);

  private final ConnectionSettings connection;
  private final ExecSettings settings;
  private final boolean terminal;

  /**
   * @param terminal standard input is a terminal
   */
  public ExecPlugin(ConnectionSettings connection, ExecSettings settings, boolean terminal) {
    this.connection = connection;
    this.settings = settings;
    this.terminal = terminal;
  }

  /**
   * The answer of the plug-in.
   *
   * @param expires empty when the answer has none
   */
  public record Answer(Credential credential, Optional<Instant> expires) {}

  /**
   * Runs it.
   *
   * @throws IOException with a clause that says why there is no credential
   */
  public Answer run() throws IOException {
    boolean interactive = terminal && settings.interactiveMode() != InteractiveMode.NEVER;
    if (settings.interactiveMode() == InteractiveMode.ALWAYS && !terminal) {
      throw failure("needs standard input (interactiveMode Always), which is not a terminal");
    }
    ProcessBuilder builder = new ProcessBuilder(settings.command());
    builder.environment().putAll(settings.environment());
    builder
        .environment()
        .put("KUBERNETES_EXEC_INFO", ExecInfo.of(connection, settings, interactive));
    builder.redirectInput(
        interactive
            ? ProcessBuilder.Redirect.INHERIT
            : ProcessBuilder.Redirect.from(new File("/dev/null")));
    if (interactive) {
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    }
    return answer(output(builder, interactive ? INTERACTIVE_TIMEOUT : TIMEOUT));
  }

  private String output(ProcessBuilder builder, Duration patience) throws IOException {
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      String hint = settings.installHint().isEmpty() ? "" : ": " + settings.installHint().strip();
      throw failure("cannot be started (" + e.getMessage() + ")" + hint, e);
    }
    Drain output = Drain.of(process.getInputStream(), "credential-plug-in-output");
    Drain errors = Drain.of(process.getErrorStream(), "credential-plug-in-errors");
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure("did not end within " + patience.toSeconds() + " s");
      }
      if (process.exitValue() != 0) {
        throw failure("failed with exit code " + process.exitValue() + lastLine(errors.text()));
      }
      return output.text();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while the credential plug-in ran");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String lastLine(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1).strip();
  }

  private Answer answer(String text) throws IOException {
    JsonObject answer = object(text);
    String kind = string(answer, "kind");
    String apiVersion = string(answer, "apiVersion");
    if (!kind.equals("ExecCredential") || !apiVersion.equals(settings.apiVersion())) {
      throw failure(
          "answered with %s %s, must be ExecCredential %s"
              .formatted(kind, apiVersion, settings.apiVersion()));
    }
    if (!(answer.get("status") instanceof JsonObject status)) {
      throw failure("answered without a status");
    }
    String token = string(status, "token");
    Optional<ClientIdentity> identity = identity(status);
    if (token.isEmpty() && identity.isEmpty()) {
      throw failure("answered without a token or a certificate");
    }
    try {
      String authorization = token.isEmpty() ? "" : Credential.bearer(token);
      return new Answer(
          new Credential(authorization, identity.orElse(null)),
          expires(string(status, "expirationTimestamp")));
    } catch (IOException e) {
      throw failure("answered, but " + e.getMessage(), e);
    }
  }

  private JsonObject object(String text) throws IOException {
    try {
      return JsonParser.parseString(text).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw failure("answered without a JSON object", e);
    }
  }

  private String string(JsonObject object, String field) throws IOException {
    JsonElement value = object.get(field);
    if (value == null || value.isJsonNull()) {
      return "";
    }
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
      return value.getAsString();
    }
    throw failure("answered with a " + field + " that is not text");
  }

  private Optional<ClientIdentity> identity(JsonObject status) throws IOException {
    String certificate = string(status, "clientCertificateData");
    String key = string(status, "clientKeyData");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw failure("answered with only one of certificate and key");
    }
    if (certificate.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ClientIdentity.parse(certificate, key));
    } catch (GeneralSecurityException e) {
      throw failure("answered with an unusable certificate: " + e.getMessage(), e);
    }
  }

  private Optional<Instant> expires(String text) throws IOException {
    try {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw failure(
          "answered with the expirationTimestamp \"" + text + "\", which is not a time", e);
    }
  }

  private IOException failure(String clause) {
    return failure(clause, null);
  }

  private IOException failure(String clause, Exception cause) {
    return new IOException(
        "the credential plug-in " + settings.command().get(0) + " " + clause, cause);
  }
}
