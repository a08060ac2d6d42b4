/** Where Debian keeps the sources of Go libraries, and in it the functions that Helm adds to Go's templates. */
export const GO_LIBRARIES = "/usr/share/gocode";
export const SPRIG = `${GO_LIBRARIES}/src/github.com/Masterminds/sprig`;
