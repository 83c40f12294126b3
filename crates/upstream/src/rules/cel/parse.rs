//! From words to an expression.

use super::lex::{Token, tokens};

/// Why a rule is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SyntaxError(pub(super) &'static str);

#[derive(Debug)]
pub(super) enum Expression {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Expression>),
    /// `self`, or what a macro names.
    Name(String),
    Field(Box<Expression>, String),
    Has(Box<Expression>, String),
    Size(Box<Expression>),
    Not(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    In(Box<Expression>, Box<Expression>),
    /// `list.filter(name, condition)` and its like.
    Each(Macro, Box<Expression>, String, Box<Expression>),
}

impl Expression {
    /// Appends the fields of `self` that the expression asks for, each once.
    pub(super) fn fields<'e>(&'e self, found: &mut Vec<&'e str>) {
        match self {
            Self::Bool(_) | Self::Int(_) | Self::Text(_) | Self::Name(_) | Self::Field(..) => {}
            Self::List(items) => items.iter().for_each(|item| item.fields(found)),
            Self::Has(of, field) => {
                if matches!(&**of, Self::Name(name) if name == "self") && !found.contains(&field.as_str()) {
                    found.push(field);
                }
            }
            Self::Size(inner) | Self::Not(inner) | Self::Each(_, inner, ..) => inner.fields(found),
            Self::And(left, right) | Self::Or(left, right) | Self::In(left, right) => {
                left.fields(found);
                right.fields(found);
            }
            Self::Compare(_, left, right) => {
                left.fields(found);
                right.fields(found);
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Macro {
    Filter,
    All,
    Exists,
}

/// Reads a whole rule.
pub(super) fn parse(rule: &str) -> Result<Expression, SyntaxError> {
    let tokens = tokens(rule)?;
    let mut parser = Parser { rest: &tokens, depth: 0 };
    let expression = parser.or()?;
    if parser.rest.is_empty() { Ok(expression) } else { Err(SyntaxError("something behind the end")) }
}

/// Deeper nesting is no rule that anybody wrote.
const DEEPEST: usize = 64;

struct Parser<'t, 'r> {
    rest: &'t [Token<'r>],
    depth: usize,
}

type Parsed = Result<Expression, SyntaxError>;

impl<'r> Parser<'_, 'r> {
    fn take(&mut self, sign: &str) -> bool {
        let is_next = matches!(self.rest.first(), Some(Token::Sign(next)) if *next == sign);
        if is_next {
            self.rest = &self.rest[1..];
        }
        is_next
    }

    fn want(&mut self, sign: &str) -> Result<(), SyntaxError> {
        if self.take(sign) { Ok(()) } else { Err(SyntaxError("a bracket or comma is missing")) }
    }

    fn name(&mut self) -> Result<&'r str, SyntaxError> {
        let Some((Token::Name(name), rest)) = self.rest.split_first() else {
            return Err(SyntaxError("a name is missing"));
        };
        self.rest = rest;
        Ok(name)
    }

    fn or(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(SyntaxError("nested too deep"));
        }
        let mut left = self.and()?;
        while self.take("||") {
            left = Expression::Or(left.into(), self.and()?.into());
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Parsed {
        let mut left = self.relation()?;
        while self.take("&&") {
            left = Expression::And(left.into(), self.relation()?.into());
        }
        Ok(left)
    }

    fn relation(&mut self) -> Parsed {
        const SIGNS: [(&str, Comparison); 6] = [
            ("==", Comparison::Equal),
            ("!=", Comparison::Unequal),
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Less),
            (">", Comparison::More),
        ];
        let left = self.unary()?;
        if let Some((_, comparison)) = SIGNS.into_iter().find(|(sign, _)| self.take(sign)) {
            return Ok(Expression::Compare(comparison, left.into(), self.unary()?.into()));
        }
        if self.rest.first() == Some(&Token::Name("in")) {
            self.rest = &self.rest[1..];
            return Ok(Expression::In(left.into(), self.unary()?.into()));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let mut times = 0;
        while self.take("!") {
            times += 1;
        }
        let inner = self.member()?;
        Ok((0..times).fold(inner, |inner, _| Expression::Not(inner.into())))
    }

    fn member(&mut self) -> Parsed {
        let mut inner = self.primary()?;
        while self.take(".") {
            let name = self.name()?;
            inner = if self.take("(") {
                self.method(inner, name)?
            } else {
                Expression::Field(inner.into(), name.into())
            };
        }
        Ok(inner)
    }

    fn method(&mut self, target: Expression, name: &str) -> Parsed {
        let each = match name {
            "size" => {
                self.want(")")?;
                return Ok(Expression::Size(target.into()));
            }
            "filter" => Macro::Filter,
            "all" => Macro::All,
            "exists" => Macro::Exists,
            _ => return Err(SyntaxError("a method that is not known")),
        };
        let variable = self.name()?.to_owned();
        self.want(",")?;
        let condition = self.or()?;
        self.want(")")?;
        Ok(Expression::Each(each, target.into(), variable, condition.into()))
    }

    fn primary(&mut self) -> Parsed {
        if self.take("(") {
            let inner = self.or()?;
            self.want(")")?;
            return Ok(inner);
        }
        if self.take("[") {
            return self.list();
        }
        let Some((token, rest)) = self.rest.split_first() else {
            return Err(SyntaxError("it ends too early"));
        };
        self.rest = rest;
        match token {
            Token::Int(number) => Ok(Expression::Int(*number)),
            Token::Text(text) => Ok(Expression::Text(text.clone())),
            Token::Name("true") => Ok(Expression::Bool(true)),
            Token::Name("false") => Ok(Expression::Bool(false)),
            Token::Name(name) if self.take("(") => self.function(name),
            Token::Name(name) => Ok(Expression::Name((*name).to_owned())),
            Token::Sign(_) => Err(SyntaxError("a sign where a value belongs")),
        }
    }

    fn function(&mut self, name: &str) -> Parsed {
        let argument = self.or()?;
        self.want(")")?;
        match (name, argument) {
            ("has", Expression::Field(of, field)) => Ok(Expression::Has(of, field)),
            ("size", argument) => Ok(Expression::Size(argument.into())),
            _ => Err(SyntaxError("a function that is not known")),
        }
    }

    fn list(&mut self) -> Parsed {
        let mut items = Vec::new();
        while !self.take("]") {
            items.push(self.or()?);
            if !self.take(",") {
                self.want("]")?;
                break;
            }
        }
        Ok(Expression::List(items))
    }
}
