// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.rig;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.nodeqos.bench.fleet.NodeTemplate;
import java.io.IOException;

/**
 * What the watcher looks at in a Node.
 *
 * @param version its resourceVersion
 * @param ready by the kubelet's condition
 * @param waits by the controller's condition
 * @param tainted with the startup taint
 * @param marked as warm by the label
 */
public record NodeLook(
    String name, String version, boolean ready, boolean waits, boolean tainted, boolean marked) {
  private static final String MARK = "nodeqos.io/warmed-up";
  private static final String CONDITION = "nodeqos.io/WarmedUp";

  /** Reads one Node to its end. */
  static NodeLook read(JsonReader in) throws IOException {
    Draft draft = new Draft();
    in.beginObject();
    while (in.hasNext()) {
      switch (in.nextName()) {
        case "metadata" -> draft.metadata(in);
        case "spec" -> draft.spec(in);
        case "status" -> draft.status(in);
        default -> in.skipValue();
      }
    }
    in.endObject();
    return new NodeLook(
        draft.name, draft.version, draft.ready, draft.waits, draft.tainted, draft.marked);
  }

  private static final class Draft {
    private String name = "";
    private String version = "";
    private boolean ready;
    private boolean waits;
    private boolean tainted;
    private boolean marked;

    private void metadata(JsonReader in) throws IOException {
      in.beginObject();
      while (in.hasNext()) {
        switch (in.nextName()) {
          case "name" -> name = in.nextString();
          case "resourceVersion" -> version = in.nextString();
          case "labels" -> {
            in.beginObject();
            while (in.hasNext()) {
              boolean mark = in.nextName().equals(MARK);
              String value = in.nextString();
              marked |= mark && value.equals("true");
            }
            in.endObject();
          }
          default -> in.skipValue();
        }
      }
      in.endObject();
    }

    private void spec(JsonReader in) throws IOException {
      in.beginObject();
      while (in.hasNext()) {
        if (!in.nextName().equals("taints") || in.peek() != JsonToken.BEGIN_ARRAY) {
          in.skipValue();
          continue;
        }
        in.beginArray();
        while (in.hasNext()) {
          tainted |= hasPair(in, "key", NodeTemplate.TAINT);
        }
        in.endArray();
      }
      in.endObject();
    }

    private void status(JsonReader in) throws IOException {
      in.beginObject();
      while (in.hasNext()) {
        if (!in.nextName().equals("conditions")) {
          in.skipValue();
          continue;
        }
        in.beginArray();
        while (in.hasNext()) {
          condition(in);
        }
        in.endArray();
      }
      in.endObject();
    }

    private void condition(JsonReader in) throws IOException {
      String type = "";
      String status = "";
      in.beginObject();
      while (in.hasNext()) {
        switch (in.nextName()) {
          case "type" -> type = in.nextString();
          case "status" -> status = in.nextString();
          default -> in.skipValue();
        }
      }
      in.endObject();
      ready |= type.equals("Ready") && status.equals("True");
      waits |= type.equals(CONDITION) && status.equals("False");
    }

    private static boolean hasPair(JsonReader in, String key, String value) throws IOException {
      boolean found = false;
      in.beginObject();
      while (in.hasNext()) {
        if (in.nextName().equals(key)) {
          found |= in.nextString().equals(value);
        } else {
          in.skipValue();
        }
      }
      in.endObject();
      return found;
    }
  }
}
