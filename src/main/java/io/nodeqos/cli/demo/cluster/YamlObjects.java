// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.cluster;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Kubernetes objects from YAML documents that come with the program. */
public final class YamlObjects {
  private YamlObjects() {}

  /**
   * All documents of a class path resource, as JSON.
   *
   * @throws IOException when the resource is missing
   */
  public static List<JsonObject> read(String resource) throws IOException {
    try (InputStream in = YamlObjects.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("missing class path resource " + resource);
      }
      Gson gson = new Gson();
      List<JsonObject> objects = new ArrayList<>();
      for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(in)) {
        objects.add(gson.toJsonTree(document).getAsJsonObject());
      }
      return objects;
    }
  }
}
