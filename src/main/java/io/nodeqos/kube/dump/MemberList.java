// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.wire.JsonTolerantReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The items of a member that is a list. For one thread. */
final class MemberList {
  /** Of one object: no real one has more. */
  private static final long MAX_CHARACTERS = 4 << 20;

  private final String member;
  private final int most;
  private final LimitedReader source;
  private final JsonTolerantReader in;
  private final Set<String> names = new HashSet<>();
  private int objects;

  /**
   * @param most objects that it may have
   */
  MemberList(String member, int most, InputStream content) {
    this.member = member;
    this.most = most;
    this.source =
        new LimitedReader(new InputStreamReader(content, StandardCharsets.UTF_8), MAX_CHARACTERS);
    this.in = new JsonTolerantReader(source);
  }

  /** Decodes all items; returns how many there are. */
  <V> int each(Codec<V> codec, Consumer<V> views) throws IOException {
    in.requiredObject(
        "a list",
        field -> {
          if (field.equals("items")) {
            in.array(() -> item(codec, views));
          } else {
            in.skip();
          }
        });
    return objects;
  }

  int eachTree(Consumer<JsonObject> trees) throws IOException {
    return each(new TreeCodec(), trees);
  }

  private <V> void item(Codec<V> codec, Consumer<V> views) throws IOException {
    if (objects == most) {
      throw new DumpException(
          "has more than %d %s in %s".formatted(most, most == 1 ? "object" : "objects", member));
    }
    source.restart();
    SlimObject<V> object = codec.decode(in);
    V1ObjectMeta meta = object.getMetadata();
    if (meta.getName() != null && !names.add(meta.getNamespace() + "/" + meta.getName())) {
      throw new IOException(meta.getName() + " is there twice");
    }
    views.accept(object.view());
    objects++;
  }

  /** Fails once an object has too many characters: no text of it is kept whole. */
  private static final class LimitedReader extends Reader {
    private final Reader in;
    private final long limit;
    private long characters;

    LimitedReader(Reader in, long limit) {
      this.in = in;
      this.limit = limit;
    }

    void restart() {
      characters = 0;
    }

    @Override
    public int read(char[] to, int at, int length) throws IOException {
      int read = in.read(to, at, length);
      characters += read;
      if (characters > limit) {
        throw new IOException("an object is too large");
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
