// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A {@code metav1.Status} of a refused request, in the words of a kube-apiserver where clients are
 * known to read them.
 *
 * @param details the {@code details} field; null leaves it out
 */
public record ApiStatus(int code, String reason, String message, JsonObject details) {

  /** One invalid field: the cause's reason, the path of the field and the sentence about it. */
  public record Cause(String reason, String field, String message) {
    public static Cause invalid(String field, String message) {
      return new Cause("FieldValueInvalid", field, "Invalid value: " + message);
    }

    public static Cause required(String field) {
      return new Cause("FieldValueRequired", field, "Required value");
    }

    public static Cause forbidden(String field, String message) {
      return new Cause("FieldValueForbidden", field, "Forbidden: " + message);
    }
  }

  public static ApiStatus notFound(ResourceType type, String name) {
    return named(404, "NotFound", type, name, " not found");
  }

  public static ApiStatus pathNotFound() {
    return new ApiStatus(
        404, "NotFound", "the server could not find the requested resource", new JsonObject());
  }

  public static ApiStatus alreadyExists(ResourceType type, String name) {
    return named(409, "AlreadyExists", type, name, " already exists");
  }

  static ApiStatus conflict(ResourceType type, String name, String why) {
    return new ApiStatus(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + type.qualified() + " \"" + name + "\": " + why,
        details(type, name));
  }

  /**
   * @param what UID or ResourceVersion
   */
  public static ApiStatus preconditionFailed(
      ResourceType type, String name, String what, String wanted, String actual) {
    return conflict(
        type,
        name,
        "Precondition failed: "
            + what
            + " in precondition: "
            + wanted
            + ", "
            + what
            + " in object meta: "
            + actual);
  }

  public static ApiStatus modified(ResourceType type, String name) {
    return conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  public static ApiStatus forbidden(ResourceType type, String name, String why) {
    return named(403, "Forbidden", type, name, " is forbidden: " + why);
  }

  public static ApiStatus invalid(ResourceType type, String name, List<Cause> causes) {
    String kind = type.names().kind() + (type.group().isEmpty() ? "" : "." + type.group());
    return invalid(kind, type.group(), type.names().kind(), name, causes);
  }

  public static ApiStatus invalidListOptions(Cause cause) {
    return invalid("ListOptions.meta.k8s.io", "meta.k8s.io", "ListOptions", "", List.of(cause));
  }

  private static ApiStatus invalid(
      String qualified, String group, String kind, String name, List<Cause> causes) {
    JsonArray list = new JsonArray();
    for (Cause cause : causes) {
      JsonObject item = new JsonObject();
      item.addProperty("reason", cause.reason());
      item.addProperty("message", cause.message());
      item.addProperty("field", cause.field());
      list.add(item);
    }
    JsonObject details = new JsonObject();
    addUnlessEmpty(details, "name", name);
    addUnlessEmpty(details, "group", group);
    details.addProperty("kind", kind);
    details.add("causes", list);
    List<String> sentences =
        causes.stream().map(cause -> cause.field() + ": " + cause.message()).toList();
    String all =
        sentences.size() == 1
            ? sentences.get(0)
            : sentences.stream().collect(Collectors.joining(", ", "[", "]"));
    return new ApiStatus(
        422, "Invalid", qualified + " \"" + name + "\" is invalid: " + all, details);
  }

  public static ApiStatus unprocessable(String message) {
    return new ApiStatus(422, "Invalid", message, new JsonObject());
  }

  public static ApiStatus badRequest(String message) {
    return new ApiStatus(400, "BadRequest", message, null);
  }

  public static ApiStatus methodNotAllowed() {
    return new ApiStatus(
        405,
        "MethodNotAllowed",
        "the server does not allow this method on the requested resource",
        new JsonObject());
  }

  public static ApiStatus unsupportedMediaType(String accepted) {
    return new ApiStatus(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + accepted,
        null);
  }

  public static ApiStatus notAcceptable() {
    return new ApiStatus(
        406,
        "NotAcceptable",
        "only the following media types are accepted: application/json, application/yaml",
        null);
  }

  public static ApiStatus expired(String message) {
    return new ApiStatus(410, "Expired", message, null);
  }

  public static ApiStatus tooLargeResourceVersion(long wanted, long current) {
    JsonObject cause = new JsonObject();
    cause.addProperty("reason", "ResourceVersionTooLarge");
    cause.addProperty("message", "Too large resource version");
    JsonArray causes = new JsonArray();
    causes.add(cause);
    JsonObject details = new JsonObject();
    details.add("causes", causes);
    details.addProperty("retryAfterSeconds", 1);
    return new ApiStatus(
        504,
        "Timeout",
        "Timeout: Too large resource version: " + wanted + ", current: " + current,
        details);
  }

  public static ApiStatus tooManyRequests(long retryAfterSeconds) {
    JsonObject details = new JsonObject();
    details.addProperty("retryAfterSeconds", retryAfterSeconds);
    return new ApiStatus(
        429, "TooManyRequests", "too many requests, please try again later", details);
  }

  public static ApiStatus tooLarge(long limit) {
    return new ApiStatus(
        413, "RequestEntityTooLarge", "Request entity too large: limit is " + limit, null);
  }

  public static ApiStatus internal(String message) {
    return new ApiStatus(500, "InternalError", "Internal error occurred: " + message, null);
  }

  /** Seconds for the Retry-After header, or -1. */
  public long retryAfterSeconds() {
    return details == null ? -1 : Json.number(details, -1, "retryAfterSeconds");
  }

  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("kind", "Status");
    json.addProperty("apiVersion", "v1");
    json.add("metadata", new JsonObject());
    json.addProperty("status", "Failure");
    json.addProperty("message", message);
    if (!reason.isEmpty()) {
      json.addProperty("reason", reason);
    }
    if (details != null) {
      json.add("details", details);
    }
    json.addProperty("code", code);
    return json;
  }

  /** The {@code details} that name the object of a Status. */
  public static JsonObject details(ResourceType type, String name) {
    JsonObject details = new JsonObject();
    addUnlessEmpty(details, "name", name);
    addUnlessEmpty(details, "group", type.group());
    details.addProperty("kind", type.names().plural());
    return details;
  }

  private static ApiStatus named(
      int code, String reason, ResourceType type, String name, String predicate) {
    return new ApiStatus(
        code, reason, type.qualified() + " \"" + name + "\"" + predicate, details(type, name));
  }

  private static void addUnlessEmpty(JsonObject json, String field, String value) {
    if (!value.isEmpty()) {
      json.addProperty(field, value);
    }
  }
}
