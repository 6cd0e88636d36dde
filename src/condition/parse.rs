//! SQL text into the few kinds of expression that a condition may use.

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    UnaryOperator, Value,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::error::{Error, Result};

const SUPPORTED: &str = "conditions can use AND, OR, NOT, = <> < <= > >=, BETWEEN, IN, LIKE, \
                         IS NULL, + - * /, LOWER, UPPER, TRIM, LENGTH, ABS and COALESCE";

/// An expression is nested at most as deeply as it has operators, and the stack is finite.
const MOST_OPERATORS: usize = 400;

/// Which term of a condition fails first is kept in two bytes, of which one value means none.
pub const MOST_TERMS: usize = u16::MAX as usize;

fn is_operator(token: &Token) -> bool {
    match token {
        Token::Word(word) => word.quote_style.is_none() && word.keyword != Keyword::NoKeyword,
        Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::Comma
        | Token::Whitespace(_)
        | Token::EOF => false,
        _ => true,
    }
}

/// A column's name, and whether it stood between quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub name: String,
    pub quoted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Compare {
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Compare::Equal => ordering.is_eq(),
            Compare::NotEqual => ordering.is_ne(),
            Compare::Less => ordering.is_lt(),
            Compare::LessOrEqual => ordering.is_le(),
            Compare::Greater => ordering.is_gt(),
            Compare::GreaterOrEqual => ordering.is_ge(),
        }
    }

    pub fn is_order(self) -> bool {
        !matches!(self, Compare::Equal | Compare::NotEqual)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Plus,
    Minus,
    Times,
    Divide,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Lower,
    Upper,
    Trim,
    Length,
    Abs,
    Coalesce,
}

/// An expression. Columns are indices into the list of names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Column(usize),
    Number(f64),
    Text(String),
    Truth(bool),
    Null,
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Compare(Compare, Box<Node>, Box<Node>),
    Like {
        value: Box<Node>,
        pattern: String,
        any_case: bool,
    },
    IsNull(Box<Node>),
    /// True or false, never unknown: whether the operand has exactly this truth.
    Is(Box<Node>, bool),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Call(Call, Vec<Node>),
}

/// One of the conditions that `AND` puts together, with its text.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    pub text: String,
    pub node: Node,
}

/// The terms joined by `AND`, and the columns.
pub(crate) fn parse(source: &str) -> Result<(Vec<Term>, Vec<Name>)> {
    let wrong = |message: String, hint: &str| {
        Error::usage(format!("the condition \"{}\" {message}", source.trim())).hint(hint)
    };
    if source.trim().is_empty() {
        return Err(
            Error::usage("a condition is empty").hint("write one such as \"leeftijd < 65\"")
        );
    }
    let tokens = Tokenizer::new(&GenericDialect {}, source)
        .tokenize_with_location()
        .map_err(|error| wrong(format!("cannot be read: {error}"), SPELLING))?;
    let operators = tokens.iter().filter(|token| is_operator(&token.token));
    if operators.count() > MOST_OPERATORS {
        return Err(Error::usage("a condition has more than 400 operators")
            .hint("use IN for a list of values, or put what it tests in a column of the file"));
    }
    let mut parser = Parser::new(&GenericDialect {}).with_tokens_with_locations(tokens);
    let expression = parser
        .parse_expr()
        .map_err(|error| wrong(format!("cannot be read: {}", said(&error)), SPELLING))?;
    let next = parser.peek_token().token;
    if next != Token::EOF {
        return Err(wrong(format!("cannot be read beyond '{next}'"), SPELLING));
    }
    let mut lowering = Lowering { names: Vec::new() };
    let mut terms = Vec::new();
    lowering
        .terms(&expression, &mut terms)
        .map_err(|problem| match problem {
            Problem::Unsupported(what) => {
                wrong(format!("uses {what}, which is not supported"), SUPPORTED)
            }
            Problem::Dotted(name) => wrong(
                format!("has the name {name}"),
                &format!("put a name with a full stop between double quotes: \"{name}\""),
            ),
        })?;
    if terms.len() >= MOST_TERMS {
        return Err(wrong("has too many terms".to_string(), "make it shorter"));
    }
    Ok((terms, lowering.names))
}

const SPELLING: &str = "put texts between 'single quotes', names with spaces or that are SQL words \
                        between \"double quotes\", and write numbers with a decimal point";

fn said(error: &ParserError) -> String {
    match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text.clone(),
        ParserError::RecursionLimitExceeded => "it is nested too deeply".to_string(),
    }
}

enum Problem {
    Unsupported(String),
    Dotted(String),
}

type Lowered<T> = std::result::Result<T, Problem>;

struct Lowering {
    names: Vec<Name>,
}

fn unsupported<T>(what: impl std::fmt::Display) -> Lowered<T> {
    Err(Problem::Unsupported(format!("\"{what}\"")))
}

impl Lowering {
    /// Takes apart what `AND` joins at the top.
    fn terms(&mut self, expression: &Expr, terms: &mut Vec<Term>) -> Lowered<()> {
        match expression {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => {
                self.terms(left, terms)?;
                self.terms(right, terms)
            }
            Expr::Nested(inner) => match strip(inner) {
                Expr::BinaryOp {
                    op: BinaryOperator::And,
                    ..
                } => self.terms(inner, terms),
                _ => self.term(expression, terms),
            },
            _ => self.term(expression, terms),
        }
    }

    fn term(&mut self, expression: &Expr, terms: &mut Vec<Term>) -> Lowered<()> {
        let node = self.lower(expression)?;
        terms.push(Term {
            text: expression.to_string(),
            node,
        });
        Ok(())
    }

    fn boxed(&mut self, expression: &Expr) -> Lowered<Box<Node>> {
        self.lower(expression).map(Box::new)
    }

    fn lower(&mut self, expression: &Expr) -> Lowered<Node> {
        Ok(match expression {
            Expr::Identifier(name) => self.column(name),
            Expr::CompoundIdentifier(parts) => {
                let parts: Vec<&str> = parts.iter().map(|part| part.value.as_str()).collect();
                return Err(Problem::Dotted(parts.join(".")));
            }
            Expr::Nested(inner) => self.lower(inner)?,
            Expr::Value(value) => literal(&value.value)?,
            Expr::TypedString(typed) => literal(&typed.value.value)?,
            Expr::UnaryOp { op, expr } => match op {
                UnaryOperator::Not => Node::Not(self.boxed(expr)?),
                UnaryOperator::Plus => self.lower(expr)?,
                UnaryOperator::Minus => match self.lower(expr)? {
                    Node::Number(value) => Node::Number(-value),
                    other => Node::Arithmetic(
                        Arithmetic::Minus,
                        Box::new(Node::Number(0.0)),
                        Box::new(other),
                    ),
                },
                _ => return unsupported(expression),
            },
            Expr::BinaryOp { left, op, right } => {
                let (left, right) = (self.boxed(left)?, self.boxed(right)?);
                operation(op, left, right)?
            }
            Expr::Between {
                expr,
                negated,
                low,
                high,
            } => {
                let value = self.boxed(expr)?;
                let (low, high) = (self.boxed(low)?, self.boxed(high)?);
                let from = Node::Compare(Compare::GreaterOrEqual, value.clone(), low);
                let to = Node::Compare(Compare::LessOrEqual, value, high);
                negate(Node::And(Box::new(from), Box::new(to)), *negated)
            }
            Expr::InList {
                expr,
                list,
                negated,
            } => {
                let value = self.boxed(expr)?;
                let mut equal = Vec::with_capacity(list.len());
                for item in list {
                    let item = self.boxed(item)?;
                    equal.push(Node::Compare(Compare::Equal, value.clone(), item));
                }
                let any = any_of(equal);
                negate(any, *negated)
            }
            Expr::Like {
                negated,
                any: false,
                expr,
                pattern,
                escape_char: None,
            } => self.like(expr, pattern, false, *negated)?,
            Expr::ILike {
                negated,
                any: false,
                expr,
                pattern,
                escape_char: None,
            } => self.like(expr, pattern, true, *negated)?,
            Expr::IsNull(inner) => Node::IsNull(self.boxed(inner)?),
            Expr::IsNotNull(inner) => negate(Node::IsNull(self.boxed(inner)?), true),
            Expr::IsTrue(inner) => Node::Is(self.boxed(inner)?, true),
            Expr::IsNotTrue(inner) => negate(Node::Is(self.boxed(inner)?, true), true),
            Expr::IsFalse(inner) => Node::Is(self.boxed(inner)?, false),
            Expr::IsNotFalse(inner) => negate(Node::Is(self.boxed(inner)?, false), true),
            Expr::Trim {
                trim_where: None,
                trim_what: None,
                expr,
                trim_characters: None,
            } => Node::Call(Call::Trim, vec![self.lower(expr)?]),
            Expr::Function(function) => self.call(function)?,
            other => return unsupported(other),
        })
    }

    fn column(&mut self, ident: &Ident) -> Node {
        let known = self.names.iter().position(|name| name.name == ident.value);
        Node::Column(known.unwrap_or_else(|| {
            self.names.push(Name {
                name: ident.value.clone(),
                quoted: ident.quote_style.is_some(),
            });
            self.names.len() - 1
        }))
    }

    fn like(&mut self, expr: &Expr, pattern: &Expr, any_case: bool, not: bool) -> Lowered<Node> {
        let Node::Text(pattern) = self.lower(pattern)? else {
            return unsupported(format!("LIKE {pattern}"));
        };
        let value = self.boxed(expr)?;
        Ok(negate(
            Node::Like {
                value,
                pattern,
                any_case,
            },
            not,
        ))
    }

    fn call(&mut self, function: &Function) -> Lowered<Node> {
        let name = function.name.to_string().to_uppercase();
        let call = match name.as_str() {
            "LOWER" => Call::Lower,
            "UPPER" => Call::Upper,
            "TRIM" => Call::Trim,
            "LENGTH" | "CHAR_LENGTH" => Call::Length,
            "ABS" => Call::Abs,
            "COALESCE" => Call::Coalesce,
            _ => return unsupported(format!("{name}(…)")),
        };
        let FunctionArguments::List(list) = &function.args else {
            return unsupported(function);
        };
        let plain = list.duplicate_treatment.is_none()
            && list.clauses.is_empty()
            && function.filter.is_none()
            && function.over.is_none();
        let mut arguments = Vec::new();
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) if plain => {
                    arguments.push(self.lower(expr)?);
                }
                _ => return unsupported(function),
            }
        }
        match (call, arguments.len()) {
            (Call::Coalesce, 1..) | (_, 1) => Ok(Node::Call(call, arguments)),
            _ => unsupported(function),
        }
    }
}

fn strip(expression: &Expr) -> &Expr {
    match expression {
        Expr::Nested(inner) => strip(inner),
        other => other,
    }
}

/// `OR` in halves, so that a long list does not nest deeply.
fn any_of(mut nodes: Vec<Node>) -> Node {
    match nodes.len() {
        0 => Node::Truth(false),
        1 => nodes.remove(0),
        many => {
            let rest = nodes.split_off(many / 2);
            Node::Or(Box::new(any_of(nodes)), Box::new(any_of(rest)))
        }
    }
}

fn negate(node: Node, negated: bool) -> Node {
    match negated {
        true => Node::Not(Box::new(node)),
        false => node,
    }
}

fn literal(value: &Value) -> Lowered<Node> {
    Ok(match value {
        Value::Number(digits, _) => match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Node::Number(number),
            _ => return unsupported(digits),
        },
        Value::SingleQuotedString(text) => Node::Text(text.clone()),
        Value::Boolean(truth) => Node::Truth(*truth),
        Value::Null => Node::Null,
        other => return unsupported(other),
    })
}

fn operation(op: &BinaryOperator, left: Box<Node>, right: Box<Node>) -> Lowered<Node> {
    Ok(match op {
        BinaryOperator::And => Node::And(left, right),
        BinaryOperator::Or => Node::Or(left, right),
        BinaryOperator::Eq => Node::Compare(Compare::Equal, left, right),
        BinaryOperator::NotEq => Node::Compare(Compare::NotEqual, left, right),
        BinaryOperator::Lt => Node::Compare(Compare::Less, left, right),
        BinaryOperator::LtEq => Node::Compare(Compare::LessOrEqual, left, right),
        BinaryOperator::Gt => Node::Compare(Compare::Greater, left, right),
        BinaryOperator::GtEq => Node::Compare(Compare::GreaterOrEqual, left, right),
        BinaryOperator::Plus => Node::Arithmetic(Arithmetic::Plus, left, right),
        BinaryOperator::Minus => Node::Arithmetic(Arithmetic::Minus, left, right),
        BinaryOperator::Multiply => Node::Arithmetic(Arithmetic::Times, left, right),
        BinaryOperator::Divide => Node::Arithmetic(Arithmetic::Divide, left, right),
        other => return unsupported(other),
    })
}
