// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.kube.codec.StatusDraft;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * The reason why a request to the API server failed.
 *
 * @param code the HTTP status, 0 when there was no answer
 * @param reason the machine-readable reason of the Status, for example {@code Expired}; may be
 *     empty
 * @param message one clause for the log, without a full stop
 * @param retryAfter the server's Retry-After, {@link Duration#ZERO} without one
 */
public record ApiFailure(int code, String reason, String message, Duration retryAfter) {
  /** A longer Retry-After is cut to this. */
  private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(2);

  private static final long MAX_BODY_BYTES = 64 * 1024;
  private static final int MAX_MESSAGE_LENGTH = 500;

  /** The words of a webhook, of an admission policy, of a quota, and of the end of a namespace. */
  private static final Pattern BY_ADMISSION =
      Pattern.compile("denied the request|denied request|exceeded quota|being terminated");

  /** Reads the Status from an answer that is not a success; does not close it. */
  public static ApiFailure of(Response response, TimeSource time) {
    StatusDraft status = new StatusDraft();
    try (ResponseBody body = response.peekBody(MAX_BODY_BYTES)) {
      status.read(body);
    } catch (IOException notAStatus) {
      // A proxy's page, or cut short: the HTTP status says enough.
      status = new StatusDraft();
    }
    String message = status.message.isEmpty() ? response.message() : status.message;
    Duration header = retryAfter(response.header("Retry-After"), time);
    return new ApiFailure(
        response.code(),
        status.reason,
        "HTTP " + response.code() + (message.isEmpty() ? "" : ": " + shortened(message)),
        header.isZero() ? capped(Duration.ofSeconds(status.retryAfterSeconds)) : header);
  }

  /** Of a Status in an ERROR event of a watch. */
  public static ApiFailure of(StatusDraft status) {
    return new ApiFailure(
        status.code,
        status.reason,
        "Status " + status.code + ": " + shortened(status.message),
        capped(Duration.ofSeconds(status.retryAfterSeconds)));
  }

  /** Of a request that got no complete answer. */
  public static ApiFailure of(Exception e) {
    return new ApiFailure(0, "", Unreachable.clause(e), Duration.ZERO);
  }

  /** The requested resourceVersion is too old: only a relist helps. */
  public boolean gone() {
    return code == 410 || reason.equals("Expired") || reason.equals("Gone");
  }

  /**
   * A watch cannot go on from its version: it is too old, newer than anything this server has seen
   * (after a restore of etcd), or no version at all (another server).
   */
  public boolean needsList() {
    return gone() || message.contains("Too large resource version") || code == 400;
  }

  /** Asking again soon will not help: permission or the resource itself is missing. */
  public boolean denied() {
    return code == 401 || code == 403 || code == 404;
  }

  /** A 403 that no permission cures: the user may do this, and admission refuses it. */
  public boolean deniedByAdmission() {
    return code == 403 && BY_ADMISSION.matcher(message).find();
  }

  boolean unanswered() {
    return code == 0;
  }

  /** The same request may succeed later. */
  public boolean mayPass() {
    return unanswered() || mayPass(code);
  }

  /** With this HTTP status the same request may succeed later. */
  static boolean mayPass(int status) {
    return switch (status) {
      // 401: a token is being replaced. 408: the server gave up waiting for the body.
      case 401, 408, 429 -> true;
      default -> status >= 500;
    };
  }

  /** The server asks for fewer requests. */
  public boolean throttled() {
    return code == 429 || code == 503;
  }

  /** A clause of advice with a leading semicolon; empty without one. */
  public String advice() {
    return switch (code) {
      case 401 -> "; the API server does not accept the credentials";
      case 403 -> deniedByAdmission() ? "" : "; check the RBAC rules of this user";
      case 404 -> "; install the CustomResourceDefinition, or update the API server";
      default -> "";
    };
  }

  private static String shortened(String text) {
    String line = text.replace('\n', ' ').strip();
    return line.length() <= MAX_MESSAGE_LENGTH
        ? line
        : line.substring(0, MAX_MESSAGE_LENGTH) + "...";
  }

  /** RFC 9110: seconds or an HTTP date. */
  private static Duration retryAfter(String header, TimeSource time) {
    if (header == null) {
      return Duration.ZERO;
    }
    try {
      return capped(Duration.ofSeconds(Integer.parseInt(header.strip())));
    } catch (NumberFormatException notSeconds) {
      try {
        ZonedDateTime when =
            ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
        return capped(Duration.between(time.wallTime(), when.toInstant()));
      } catch (DateTimeException neither) {
        return Duration.ZERO;
      }
    }
  }

  private static Duration capped(Duration wish) {
    if (wish.isNegative()) {
      return Duration.ZERO;
    }
    return wish.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wish;
  }
}
