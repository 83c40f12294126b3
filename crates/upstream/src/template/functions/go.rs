//! What Go's templates have of their own.

functions! {
    "and"(value: Any; values: Any) -> Any;
    "call"(function: Any; arguments: Any) -> Any;
    "eq"(value: Any, other: Any; others: Any) -> Bool;
    "ge"(value: Any, other: Any) -> Bool;
    "gt"(value: Any, other: Any) -> Bool;
    "html"(; values: Any) -> Text;
    "index"(value: Any; keys: Any) -> Any;
    "js"(; values: Any) -> Text;
    "le"(value: Any, other: Any) -> Bool;
    "len"(value: Any) -> Int;
    "lt"(value: Any, other: Any) -> Bool;
    "ne"(value: Any, other: Any) -> Bool;
    "not"(value: Any) -> Bool;
    "or"(value: Any; values: Any) -> Any;
    "print"(; values: Any) -> Text;
    "printf"(format: Text; values: Any) -> Text;
    "println"(; values: Any) -> Text;
    "urlquery"(; values: Any) -> Text;
}
