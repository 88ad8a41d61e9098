// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import java.util.Optional;

/**
 * One object of a file.
 *
 * @param origin names the file, and the document if it has several
 */
public record PolicyDocument(String origin, JsonObject object) {
  static final String KIND = "NodeQoSPolicy";
  static final String API_VERSION = Keys.GROUP + "/" + Keys.API_VERSION;

  /** Why it is no policy, the end of a sentence; empty when it is one. */
  Optional<String> problem() {
    if (!text(object, "kind").equals(KIND) || !apiVersion().equals(API_VERSION)) {
      return Optional.of("the object is " + title() + ", must be a " + KIND + " of " + API_VERSION);
    }
    if (name().isEmpty()) {
      return Optional.of("metadata.name is missing");
    }
    JsonElement spec = object.get("spec");
    if (spec == null || spec.isJsonNull()) {
      return Optional.of("policy " + name() + ": spec is missing; without sections it is {}");
    }
    return spec.isJsonObject()
        ? Optional.empty()
        : Optional.of(
            "policy " + name() + ": spec: " + spec + " is not allowed; must be an object");
  }

  /** {@code a Deployment of apps/v1}. */
  String title() {
    String kind = text(object, "kind");
    String title = kind.isEmpty() ? "an object without kind" : "a " + kind;
    return apiVersion().isEmpty() ? title + " without apiVersion" : title + " of " + apiVersion();
  }

  /** It names another API group, and so is no policy with a typing error. */
  boolean isOfAnotherGroup() {
    return !apiVersion().isEmpty()
        && !text(object, "kind").isEmpty()
        && !apiVersion().startsWith(Keys.GROUP + "/");
  }

  private String apiVersion() {
    return text(object, "apiVersion");
  }

  public String name() {
    return text(metadata(), "name");
  }

  /** Empty when the file has none. */
  public JsonObject spec() {
    return object.get("spec") instanceof JsonObject spec ? spec : new JsonObject();
  }

  /** Empty when the file does not set it. */
  Optional<String> confirm() {
    return metadata().get("annotations") instanceof JsonObject annotations
            && annotations.has(Keys.CONFIRM)
        ? Optional.of(text(annotations, Keys.CONFIRM))
        : Optional.empty();
  }

  private JsonObject metadata() {
    return object.get("metadata") instanceof JsonObject metadata ? metadata : new JsonObject();
  }

  private static String text(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }

  /** With the spec as an API server would store it. */
  public PolicyDocument withSpec(JsonObject spec) {
    JsonObject other = object.deepCopy();
    other.add("spec", spec);
    return new PolicyDocument(origin, other);
  }
}
