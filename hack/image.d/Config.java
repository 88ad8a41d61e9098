// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads the configuration of an image, and prints it with what makes it one of the controller.
 *
 * <p>Arguments: the user, the time of creation, the platform such as linux/amd64, the number of
 * layers that came last, and labels as name=value.
 */
final class Config {
  private Config() {}

  public static void main(String[] args) throws IOException {
    JsonObject image =
        JsonParser.parseString(new String(System.in.readAllBytes(), StandardCharsets.UTF_8))
            .getAsJsonObject();
    String[] platform = args[2].split("/", 2);
    image.addProperty("os", platform[0]);
    image.addProperty("architecture", platform[1]);
    image.addProperty("created", args[1]);
    JsonArray history = image.getAsJsonArray("history");
    for (int i = history.size() - Integer.parseInt(args[3]); i < history.size(); i++) {
      JsonObject layer = new JsonObject();
      layer.addProperty("created", args[1]);
      layer.addProperty("created_by", "hack/image");
      history.set(i, layer);
    }
    JsonObject config = image.getAsJsonObject("config");
    config.addProperty("User", args[0]);
    config.addProperty("WorkingDir", "/");
    config.add("Entrypoint", strings(List.of("java", "-jar", "/app/node-qos-controller.jar")));
    config.remove("Cmd");
    if (!config.has("Env")) {
      config.add("Env", strings(List.of("PATH=/usr/bin")));
    }
    JsonObject labels = new JsonObject();
    for (String label : List.of(args).subList(4, args.length)) {
      String[] pair = label.split("=", 2);
      labels.addProperty(pair[0], pair[1]);
    }
    // Those of the base describe the base.
    config.add("Labels", labels);
    System.out.println(
        new GsonBuilder().disableHtmlEscaping().create().toJson((JsonElement) image));
  }

  private static JsonArray strings(List<String> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }
}
