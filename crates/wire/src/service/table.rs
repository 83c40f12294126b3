//! What a service is, from one table of its methods: the trait, the [`Router`](super::Router) and the client.

/// Declares a service: `service!(NAME served as TRAIT, called by CLIENT { method = "Method"(Request) -> Answer; ... })`.
macro_rules! service {
    (
        $name:literal served as $(#[$trait_doc:meta])* $service:ident, called by $(#[$client_doc:meta])* $client:ident {
            $($(#[$doc:meta])* $method:ident = $path:literal ($request:ty) -> $answer:ty;)+
        }
    ) => {
        $(#[$trait_doc])*
        pub trait $service: Send + Sync + Sized + 'static {
            $(
                $(#[$doc])*
                fn $method(&self, request: $request)
                    -> impl ::std::future::Future<Output = Result<$answer, ::tonic::Status>> + Send
                {
                    let _ = request;
                    async { Err($crate::service::unimplemented(concat!("/pulumirpc.", $name, "/", $path))) }
                }
            )+

            /// The methods of that server, to be served.
            fn router(self: ::std::sync::Arc<Self>) -> $crate::service::Router {
                let router = $crate::service::Router::default();
                $(
                    let service = ::std::sync::Arc::clone(&self);
                    let router = router.unary(concat!("/pulumirpc.", $name, "/", $path), move |request: $request| {
                        let service = ::std::sync::Arc::clone(&service);
                        async move { service.$method(request).await }
                    });
                )+
                router
            }
        }

        $(#[$client_doc])*
        #[derive(Clone, Debug)]
        pub struct $client($crate::service::Client);

        impl $client {
            /// Calls over that connection.
            pub fn new(channel: ::tonic::transport::Channel) -> Self {
                Self($crate::service::Client::new(channel))
            }

            $(
                $(#[$doc])*
                ///
                /// # Errors
                ///
                /// What the server answered, or that it could not be reached.
                pub async fn $method(&self, request: $request) -> Result<$answer, ::tonic::Status> {
                    self.0.unary(concat!("/pulumirpc.", $name, "/", $path), request).await
                }
            )+
        }
    };
}
pub(super) use service;
