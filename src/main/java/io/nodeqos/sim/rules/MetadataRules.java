// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.ApiStatus.Cause;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The server's changes to metadata on a write, and its checks. */
public final class MetadataRules {
  private static final String GENERATED = "bcdfghjklmnpqrstvwxz2456789";
  private static final int ANNOTATIONS_LIMIT = 262_144;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern KEY_NAME =
      Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?");

  private final TimeSource time;
  private final Supplier<UUID> uids;

  public MetadataRules(TimeSource time) {
    this(time, UUID::randomUUID);
  }

  /**
   * @param uids of new objects
   */
  public MetadataRules(TimeSource time, Supplier<UUID> uids) {
    this.time = time;
    this.uids = uids;
  }

  /** Completes the metadata of a new object. */
  public void onCreate(ResourceType type, String namespace, JsonObject object) {
    JsonObject metadata = Json.childObject(object, "metadata");
    if (!Json.string(metadata, "resourceVersion").isEmpty()) {
      // The real server's own choice of code.
      throw new ApiException(
          new ApiStatus(
              500, "", "resourceVersion should not be set on objects to be created", null));
    }
    if (Json.string(metadata, "name").isEmpty()
        && !Json.string(metadata, "generateName").isEmpty()) {
      metadata.addProperty("name", Json.string(metadata, "generateName") + suffix());
    }
    if (namespace.isEmpty()) {
      metadata.remove("namespace");
    } else {
      metadata.addProperty("namespace", namespace);
    }
    for (String field :
        List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields")) {
      metadata.remove(field);
    }
    metadata.addProperty("uid", uids.get().toString());
    metadata.addProperty("creationTimestamp", now());
    metadata.remove("generation");
    if (type.is(ResourceType.Trait.GENERATION)) {
      metadata.addProperty("generation", 1);
    }
    refuse(type, object, causes(type, metadata));
  }

  /** Keeps the fields that a client cannot change, and refuses forbidden changes. */
  public void onUpdate(ResourceType type, JsonObject old, JsonObject next) {
    JsonObject was = Json.object(old, "metadata");
    JsonObject metadata = Json.childObject(next, "metadata");
    String uid = Json.string(metadata, "uid");
    if (!uid.isEmpty() && !uid.equals(Json.string(was, "uid"))) {
      Cause cause = Cause.invalid("metadata.uid", "\"" + uid + "\": field is immutable");
      throw new ApiException(ApiStatus.invalid(type, Json.string(was, "name"), List.of(cause)));
    }
    metadata.remove("managedFields");
    metadata.remove("selfLink");
    for (String field :
        List.of(
            "uid",
            "namespace",
            "generateName",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation",
            "resourceVersion")) {
      Json.copyField(field, was, metadata);
    }
    List<Cause> causes = causes(type, metadata);
    if (was.has("deletionTimestamp")) {
      List<String> added = Json.strings(metadata, "finalizers");
      added.removeAll(Json.strings(was, "finalizers"));
      if (!added.isEmpty()) {
        causes.add(
            Cause.forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new"
                    + " finalizers "
                    + added));
      }
    }
    refuse(type, next, causes);
  }

  /** Counts one more change of the spec. */
  public static void raiseGeneration(JsonObject object) {
    JsonObject metadata = Json.object(object, "metadata");
    metadata.addProperty("generation", Json.number(metadata, 0, "generation") + 1);
  }

  /** The time in the format of metadata: whole seconds. */
  public String now() {
    return time.wallTime().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static List<Cause> causes(ResourceType type, JsonObject metadata) {
    List<Cause> causes = new ArrayList<>();
    String name = Json.string(metadata, "name");
    if (name.isEmpty()) {
      causes.add(
          new Cause(
              "FieldValueRequired",
              "metadata.name",
              "Required value: name or generateName is required"));
    } else if (name.length() > 253 || !validName(type, name)) {
      causes.add(
          Cause.invalid(
              "metadata.name",
              "\""
                  + name
                  + "\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                  + " characters, '-' or '.', and must start and end with an alphanumeric"
                  + " character"));
    }
    Json.stringMap(metadata, "labels")
        .forEach(
            (key, value) -> {
              if (!validKey(key) || !LABEL_VALUE.matcher(value).matches()) {
                causes.add(
                    Cause.invalid(
                        "metadata.labels",
                        "\""
                            + (validKey(key) ? value : key)
                            + "\": a valid label must consist of"
                            + " alphanumeric characters, '-', '_' or '.'"));
              }
            });
    long size = 0;
    for (Map.Entry<String, String> entry : Json.stringMap(metadata, "annotations").entrySet()) {
      size += bytes(entry.getKey()) + (long) bytes(entry.getValue());
      if (!validKey(entry.getKey())) {
        causes.add(
            Cause.invalid(
                "metadata.annotations", "\"" + entry.getKey() + "\": not a qualified name"));
      }
    }
    if (size > ANNOTATIONS_LIMIT) {
      causes.add(
          new Cause(
              "FieldValueTooLong",
              "metadata.annotations",
              "Too long: may not be more than " + ANNOTATIONS_LIMIT + " bytes"));
    }
    return causes;
  }

  private static boolean validName(ResourceType type, String name) {
    if (type.is("", "namespaces") && (name.length() > 63 || name.contains("."))) {
      return false;
    }
    return NAME.matcher(name).matches();
  }

  private static boolean validKey(String key) {
    int slash = key.indexOf('/');
    return KEY_NAME.matcher(key.substring(slash + 1)).matches()
        && (slash < 0
            || NAME.matcher(key.substring(0, slash).toLowerCase(java.util.Locale.ROOT)).matches());
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void refuse(ResourceType type, JsonObject object, List<Cause> causes) {
    if (!causes.isEmpty()) {
      throw new ApiException(
          ApiStatus.invalid(type, Json.string(object, "metadata", "name"), causes));
    }
  }

  private static String suffix() {
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      suffix.append(GENERATED.charAt(ThreadLocalRandom.current().nextInt(GENERATED.length())));
    }
    return suffix.toString();
  }
}
