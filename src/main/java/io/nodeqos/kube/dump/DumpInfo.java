// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A dump about itself: its first member.
 *
 * @param product version of the program that took it
 * @param server version of the API server
 * @param namespace the controller's own
 * @param reserved the reserved namespaces; false for one that could not be read
 * @param nodeAnnotations keys of node annotations in it besides those of the controller's prefix
 * @param members name of each other member to the number of its objects
 * @param missing a sentence for each part that could not be read
 */
public record DumpInfo(
    String product,
    String server,
    Instant takenAt,
    String namespace,
    Map<String, Boolean> reserved,
    Set<String> nodeAnnotations,
    Map<String, Integer> members,
    List<String> missing) {
  /** Changes when a dump can no longer be read by the program before. */
  static final int FORMAT = 1;

  static final String MEMBER = "dump.json";

  private static final String KIND = "Dump";

  public DumpInfo {
    reserved = Map.copyOf(reserved);
    nodeAnnotations = Set.copyOf(nodeAnnotations);
    members = Map.copyOf(members);
    missing = List.copyOf(missing);
  }

  /** The same with other sentences. */
  public DumpInfo withMissing(List<String> sentences) {
    return new DumpInfo(
        product, server, takenAt, namespace, reserved, nodeAnnotations, members, sentences);
  }

  /**
   * Sentences without a full stop about everything that makes decisions about this dump differ from
   * those of the cluster.
   *
   * @param reading version of the program that reads it
   */
  public List<String> notes(String reading) {
    List<String> notes = new ArrayList<>(missing);
    if (!product.equals(reading)) {
      notes.add(
          "The dump was taken by nodeqos "
              + product
              + " and is read by "
              + reading
              + ": each of them may know fields that the other does not");
    }
    return notes;
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("apiVersion", "cli.nodeqos.io/v1");
    json.addProperty("kind", KIND);
    json.addProperty("format", FORMAT);
    json.addProperty("product", product);
    json.addProperty("server", server);
    json.addProperty("takenAt", takenAt.toString());
    json.addProperty("namespace", namespace);
    JsonObject namespaces = new JsonObject();
    new TreeMap<>(reserved).forEach(namespaces::addProperty);
    json.add("reservedNamespaces", namespaces);
    JsonArray annotations = new JsonArray();
    new TreeSet<>(nodeAnnotations).forEach(annotations::add);
    json.add("nodeAnnotations", annotations);
    JsonObject counts = new JsonObject();
    new TreeMap<>(members).forEach(counts::addProperty);
    json.add("members", counts);
    JsonArray sentences = new JsonArray();
    missing.forEach(sentences::add);
    json.add("missing", sentences);
    return json;
  }

  /**
   * Reads it.
   *
   * @throws DumpException with a clause when it is of another program or another format
   */
  static DumpInfo of(JsonObject json) throws DumpException {
    try {
      if (!json.get("kind").getAsString().equals(KIND)) {
        throw new DumpException("is not a dump of nodeqos");
      }
      int format = json.get("format").getAsInt();
      if (format != FORMAT) {
        throw new DumpException(
            "is a dump of format %d, taken by nodeqos %s; this program reads format %d"
                .formatted(format, json.get("product").getAsString(), FORMAT));
      }
      Map<String, Boolean> reserved = new TreeMap<>();
      json.getAsJsonObject("reservedNamespaces")
          .entrySet()
          .forEach(e -> reserved.put(e.getKey(), e.getValue().getAsBoolean()));
      Set<String> annotations = new HashSet<>();
      json.getAsJsonArray("nodeAnnotations").forEach(a -> annotations.add(a.getAsString()));
      Map<String, Integer> members = new TreeMap<>();
      json.getAsJsonObject("members")
          .entrySet()
          .forEach(e -> members.put(e.getKey(), e.getValue().getAsInt()));
      List<String> missing = new ArrayList<>();
      json.getAsJsonArray("missing").forEach(m -> missing.add(m.getAsString()));
      return new DumpInfo(
          json.get("product").getAsString(),
          json.get("server").getAsString(),
          Instant.parse(json.get("takenAt").getAsString()),
          json.get("namespace").getAsString(),
          reserved,
          annotations,
          members,
          missing);
    } catch (RuntimeException malformed) {
      throw new DumpException("is not a dump of nodeqos: a field of it is missing or malformed");
    }
  }
}
