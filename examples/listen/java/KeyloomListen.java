import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Secrets of {@code keyloom listen} for programs in Java 17 or newer. Nothing but the JDK.
 *
 * <pre>
 * var secrets = new KeyloomListen();
 * secrets.subscribe("DATABASE_URL", (key, newValue, oldValue) -> reconnect(newValue));
 * secrets.start();
 * String url = secrets.get("DATABASE_URL");
 * </pre>
 *
 * All secrets are held in one map that is replaced as a whole, so that what belongs together is never mixed from two versions.
 */
public final class KeyloomListen implements AutoCloseable {
    /** Is told of a change: {@code newValue} is null when the secret is gone, {@code oldValue} when it is new. */
    @FunctionalInterface
    public interface Callback {
        void changed(String key, String newValue, String oldValue) throws Exception;
    }

    private static final Duration WAIT = Duration.ofSeconds(30);

    private final String url;
    private final Path tokenFile;
    // No proxy stands between two containers of a pod.
    private final HttpClient http =
            HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, List<Callback>> callbacks = new ConcurrentHashMap<>();
    private volatile Map<String, String> now = Map.of();
    private volatile Thread follower;
    private String version = "";

    /** Asks the sidecar of which {@code KEYLOOM_LISTEN_URL} and {@code KEYLOOM_LISTEN_TOKEN_FILE} tell. */
    public KeyloomListen() {
        this(
                System.getenv().getOrDefault("KEYLOOM_LISTEN_URL", "http://127.0.0.1:8200"),
                Path.of(System.getenv().getOrDefault("KEYLOOM_LISTEN_TOKEN_FILE", "/run/keyloom/token")));
    }

    public KeyloomListen(String url, Path tokenFile) {
        this.url = url;
        this.tokenFile = tokenFile;
    }

    /** The value of a secret, as it is now; null if there is none. */
    public String get(String key) {
        return now.get(key);
    }

    /** All secrets as they are at one moment. */
    public Map<String, String> getAll() {
        return now;
    }

    /** Has a function called when a secret changes. */
    public void subscribe(String key, Callback callback) {
        callbacks.computeIfAbsent(key, any -> new CopyOnWriteArrayList<>()).add(callback);
    }

    /** Ends that. */
    public void unsubscribe(String key, Callback callback) {
        callbacks.getOrDefault(key, List.of()).remove(callback);
    }

    /** Loads all secrets, and follows their changes from then on. Fails when they cannot be loaded. */
    public void start() throws IOException, InterruptedException {
        now = load();
        var thread = new Thread(this::follow, "keyloom-listen");
        thread.setDaemon(true);
        follower = thread;
        thread.start();
    }

    /** Follows no longer; what was loaded can still be read. */
    @Override
    public void close() {
        Thread thread = follower;
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public String toString() {
        return "KeyloomListen(" + now.size() + " secrets)";
    }

    private void follow() {
        int failures = 0;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                String since = URLEncoder.encode(version, StandardCharsets.UTF_8);
                var answer = ask("/v1/changes?since=" + since + "&wait=" + WAIT.toSeconds());
                if (answer.get("reset").equals(true) || !((List<?>) answer.get("changes")).isEmpty()) {
                    put(load());
                }
                failures = 0;
            } catch (InterruptedException ended) {
                return;
            } catch (IOException | RuntimeException failed) {
                failures++;
                System.err.println("keyloom listen does not answer: " + failed.getClass().getSimpleName());
                double part = 0.5 + ThreadLocalRandom.current().nextDouble() / 2;
                try {
                    Thread.sleep((long) (part * Math.min(30_000, 250L << Math.min(failures, 10))));
                } catch (InterruptedException ended) {
                    return;
                }
            }
        }
    }

    private Map<String, String> load() throws IOException, InterruptedException {
        var answer = ask("/v1/secrets");
        var secrets = new TreeMap<String, String>();
        ((Map<?, ?>) answer.get("secrets")).forEach((key, value) -> secrets.put((String) key, (String) value));
        version = (String) answer.get("version");
        return java.util.Collections.unmodifiableMap(secrets);
    }

    private void put(Map<String, String> next) {
        Map<String, String> old = now;
        now = next;
        var keys = new TreeSet<>(old.keySet());
        keys.addAll(next.keySet());
        for (String key : keys) {
            if (Objects.equals(old.get(key), next.get(key))) {
                continue;
            }
            for (Callback callback : callbacks.getOrDefault(key, List.of())) {
                try {
                    callback.changed(key, next.get(key), old.get(key));
                } catch (Exception failed) {
                    // Its words may hold a value, and the others are told all the same.
                    System.err.println("a callback for " + key + " failed with " + failed.getClass().getSimpleName());
                }
            }
        }
    }

    private Map<?, ?> ask(String path) throws IOException, InterruptedException {
        // The token is read each time: a sidecar that is started anew may have made another one.
        String token = Files.readString(tokenFile).strip();
        var request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Authorization", "Bearer " + token)
                        .timeout(WAIT.plusSeconds(10))
                        .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() != 200) {
            throw new IOException("status " + answer.statusCode());
        }
        return (Map<?, ?>) new Json(answer.body()).read();
    }

    /** Reads the JSON that the sidecar writes; the JDK brings no reader along. */
    private static final class Json {
        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        Object read() {
            blank();
            char first = text.charAt(at);
            Object value =
                    switch (first) {
                        case '{' -> object();
                        case '[' -> array();
                        case '"' -> string();
                        default -> word();
                    };
            blank();
            return value;
        }

        private Map<String, Object> object() {
            var all = new TreeMap<String, Object>();
            at++;
            for (blank(); text.charAt(at) != '}'; blank()) {
                String key = string();
                blank();
                expect(':');
                all.put(key, read());
                comma('}');
            }
            at++;
            return all;
        }

        private List<Object> array() {
            var all = new ArrayList<Object>();
            at++;
            for (blank(); text.charAt(at) != ']'; blank()) {
                all.add(read());
                comma(']');
            }
            at++;
            return all;
        }

        private String string() {
            expect('"');
            var plain = new StringBuilder();
            while (text.charAt(at) != '"') {
                char next = text.charAt(at++);
                plain.append(next == '\\' ? escaped() : next);
            }
            at++;
            return plain.toString();
        }

        private char escaped() {
            char kind = text.charAt(at++);
            return switch (kind) {
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'u' -> {
                    at += 4;
                    yield (char) HexFormat.fromHexDigits(text, at - 4, at);
                }
                default -> kind;
            };
        }

        private Object word() {
            int from = at;
            while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String word = text.substring(from, at);
            return switch (word) {
                case "true" -> true;
                case "false" -> false;
                case "null" -> null;
                default -> Double.valueOf(word);
            };
        }

        private void comma(char end) {
            if (text.charAt(at) != end) {
                expect(',');
            }
        }

        private void expect(char wanted) {
            if (text.charAt(at++) != wanted) {
                throw new IllegalStateException("no JSON");
            }
        }

        private void blank() {
            while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }
    }

    private static String digest(String value) throws Exception {
        if (value == null) {
            return "none";
        }
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest).substring(0, 16);
    }

    /** Tells that a secret changed, and shows digests in place of values: {@code java KeyloomListen.java KEY}. */
    public static void main(String[] arguments) throws Exception {
        String key = arguments[0];
        try (var secrets = new KeyloomListen()) {
            secrets.subscribe(
                    key,
                    (name, newValue, oldValue) ->
                            System.out.println(name + " changed from " + digest(oldValue) + " to " + digest(newValue)));
            secrets.start();
            System.out.println(key + " is " + digest(secrets.get(key)) + ", one of " + secrets.getAll().size());
            Thread.currentThread().join();
        }
    }
}
